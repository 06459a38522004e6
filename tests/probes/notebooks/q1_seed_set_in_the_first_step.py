# %% step:a
import random
random.seed(42)
a = random.random()
# %% step:b
b = random.random()
print(round(a, 6), round(b, 6))
