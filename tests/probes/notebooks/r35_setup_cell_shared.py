# %% setup
import math
SIZE = 4
def area(r): return round(math.pi * r * r, 2)
# %% step:a
a = area(SIZE)
# %% step:b
print(a, area(1), SIZE)
