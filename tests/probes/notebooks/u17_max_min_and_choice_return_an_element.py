# %% step:a
import random
a, b = [1], [1, 2]
big, small = max(a, b, key=len), min([a, b], key=len)
# %% step:b
big.append(3)
small.append(4)
# %% step:c
print(a, b)
