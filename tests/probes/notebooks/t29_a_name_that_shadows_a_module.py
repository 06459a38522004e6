# expect: NB401
# %% step:a
import math
pi = math.pi
# %% step:b
math = 3
# %% step:c
print(round(pi, 2), math)
