# %% step:a
def f(x): return x + 1
# %% step:b
old = f
def f(x): return old(x) * 10
# %% step:c
print(f(1), old(1))
