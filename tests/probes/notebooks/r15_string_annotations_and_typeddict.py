# %% step:a
from typing import TypedDict, Optional
class Conf(TypedDict, total=False):
    lr: float
conf: "Optional[Conf]" = Conf(lr=0.1)
def f(c: "Conf") -> "Missing": return c["lr"]
# %% step:b
print(f(conf))
