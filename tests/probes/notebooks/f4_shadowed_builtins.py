# %% step:a
id = 42
input = [1, 2]
max = lambda *a: "mine"
# %% step:b
print(id, input, max(1, 2))
# %% step:c
del max
# %% step:d
print(max(1, 2))
