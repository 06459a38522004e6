# expect: NB401
# %% step:a
m = map(lambda x: x + 1, [1, 2])
# %% step:b
print(list(m))
