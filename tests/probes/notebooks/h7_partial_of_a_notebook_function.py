# %% step:a
from functools import partial
rate = 2
def apply(k, x):
    return k * x * rate
triple = partial(apply, 3)
# %% step:b
print(triple(4))
# %% step:c
rate = 10
print(triple(4), triple.args)
