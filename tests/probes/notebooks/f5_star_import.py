# %% step:a
from math import *
from os.path import *
r = 2
# %% step:b
print(round(sqrt(r) * pi, 3), floor(2.7), join("a", "b"))
# %% step:c
print(round(exp(r), 2), r)
