# expect: NB401
# %% step:a
k = 1
def f(x, k=k, *, big=[k, k]): return x + k + sum(big)
# %% step:b
k = 100
print(f(1))
# %% step:c
print(f(1, k))
