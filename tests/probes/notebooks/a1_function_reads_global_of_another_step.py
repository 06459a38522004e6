# %% step:load
factor = 3
# %% step:define
def scale(x):
    return x * factor
# %% step:use
print(scale(4))
