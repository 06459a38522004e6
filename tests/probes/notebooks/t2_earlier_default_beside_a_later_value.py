# expect: NB401
# %% step:a
k = 1
def f(x, k=k): return x + k
# %% step:b
k = 100
# %% step:c
print(f(1), k)
