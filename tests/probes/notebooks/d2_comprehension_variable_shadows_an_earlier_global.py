# %% step:a
x = 10
print(x)
# %% step:b
ys = [x**2 for x in range(3)]
f = lambda x: x + 1
# %% step:c
print(x, ys, f(1))
