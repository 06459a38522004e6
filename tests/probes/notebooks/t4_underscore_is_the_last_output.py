# xfail: the last output is not kept in _
# %% step:a
x = 5
x
# %%
print(_ + 1)
# %% step:b
print(x)
