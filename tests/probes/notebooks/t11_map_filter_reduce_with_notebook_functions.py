# %% step:a
from functools import reduce
k = 2
def mul(a, b): return a * b * k
def keep(x): return x > k
# %% step:b
print(reduce(mul, [1, 2, 3]), list(filter(keep, range(5))), sum(map(lambda x: x + k, [1])))
