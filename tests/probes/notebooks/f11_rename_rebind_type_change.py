# %% step:a
x = [3, 1, 2]
# %% step:b
x = sorted(x)
# %% step:c
x = {"v": x}
# %% step:d
x = len(x["v"])
# %% step:e
print(x)
