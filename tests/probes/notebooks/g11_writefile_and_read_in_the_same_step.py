# %% step:a
%%writefile note.txt
hello
# %%
print(open("note.txt").read().strip())
n = 2
# %% step:b
print(n)
