# %% parameters
n = 3
half = n / 2
import math
root = math.sqrt(n)
# %% step:a
print(n, half, round(root, 2))
