# %% step:a
x, y = 1, 2
# %% step:b
print(locals()["x"], vars()["y"])
