# %% step:a
from __future__ import annotations
y: Undefined
x: int = 3
# %% step:b
def f(a: Nope = 1) -> AlsoNope:
    return a + x
# %% step:c
print(f(), f.__annotations__)
