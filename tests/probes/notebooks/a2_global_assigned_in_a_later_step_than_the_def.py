# %% step:define
def scale(x):
    return x * factor
print(callable(scale))
# %% step:set
factor = 7
print(factor)
# %% step:use
print(scale(4))
