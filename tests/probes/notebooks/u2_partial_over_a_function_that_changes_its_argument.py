# %% step:a
import functools
a = [1]
def grow(x, y=1): x.append(y)
f = functools.partial(grow, a)
# %% step:b
f(2)
# %% step:c
print(a)
