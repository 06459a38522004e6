# %% step:a
xs = list(range(6))
d = {"a": 1, "b": 2}
alias = xs
# %% step:b
del xs[1:3], d["a"]
# %% step:c
print(xs, d, alias)
# %% step:d
alias[:] = [0]
# %% step:e
print(xs)
