# %% step:a
from functools import cached_property, total_ordering
base = 10
@total_ordering
class V:
    def __init__(self, n): self.n = n
    @cached_property
    def big(self): return self.n * base
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
v = V(2)
# %% step:b
print(v.big)
base = 99
# %% step:c
print(v.big, V(1).big, V(1) <= v)
