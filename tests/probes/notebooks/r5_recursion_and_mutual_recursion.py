# %% step:a
limit = 3
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
# %% step:b
def depth(tree): return 1 + max([depth(t) for t in tree], default=0) if limit else 0
print(even(10), depth([[[]], []]))
