# %% step:one
factor = 2
def scale(x):
    return x * factor
print(scale(1))
# %% step:two
factor = 10
print(scale(1))
# %% step:three
print(scale(1), factor)
