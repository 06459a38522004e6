# %% step:a
def f(): return 5
%time x = f()
# %% step:b
print(x)
