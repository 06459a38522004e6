# %% step:a
from functools import lru_cache, wraps
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(20))
# %% step:b
print(fib(30))
