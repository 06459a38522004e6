# %% step:a
import random
random.seed(7)
# %% step:b
print(random.randint(0, 1000), random.randint(0, 1000))
