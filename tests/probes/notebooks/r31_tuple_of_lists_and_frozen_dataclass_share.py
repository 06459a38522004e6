# %% step:a
from dataclasses import dataclass, replace
@dataclass(frozen=True)
class F:
    xs: list
base = F([1])
other = replace(base)
t = (base.xs, [0])
# %% step:b
other.xs.append(2)
# %% step:c
print(base.xs, t, base.xs is t[0])
