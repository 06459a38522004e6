# %%
base = 5
def f(x): return x + base
# %% step:a
print(f(1))
# %% step:b
base = 6
print(f(1))
