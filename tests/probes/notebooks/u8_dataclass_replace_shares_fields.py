# %% step:a
from dataclasses import dataclass, replace
@dataclass
class D:
    xs: list
    n: int = 0
d = D([1])
e = replace(d, n=1)
# %% step:b
e.xs.append(2)
# %% step:c
print(d, e)
