# %% step:a
x = [1]
y = x
del x
# %% step:b
x = 2
y.append(x)
# %% step:c
print(x, y)
