# %% step:a
from collections import namedtuple
from typing import NamedTuple
Point = namedtuple("Point", "x y")
class Row(NamedTuple):
    name: str
    n: int = 2
p, r = Point(1, 2), Row("a")
# %% step:b
print(p, p.x, r, isinstance(p, Point), isinstance(r, Row), r._replace(n=5))
