# xfail: a seed is set anew in each step; what was drawn before does not count
# %% step:a
import random
random.seed(42)
a = random.random()
# %% step:b
b = random.random()
print(round(a, 6), round(b, 6))
