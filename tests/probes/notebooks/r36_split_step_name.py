# %% step:a
x = [1]
# %% step:b
y = len(x)
print(y)
# %% step:a
z = 3
# %% step:c
print(x, y, z)
