# %% step:a
it = iter([1, 2, 3])
print(next(it))
# %% step:b
print(next(it))
# %% step:c
print(list(it))
