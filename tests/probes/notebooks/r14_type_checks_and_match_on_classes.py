# %% step:a
from dataclasses import dataclass
@dataclass
class Circle:
    r: float
@dataclass
class Square:
    a: float
shapes = [Circle(1), Square(2)]
# %% step:b
def area(s):
    match s:
        case Circle(r=r): return 3 * r * r
        case Square(a): return a * a
print([area(s) for s in shapes])
# %% step:c
shapes[0].r = 2
# %% step:d
print(area(shapes[0]), shapes)
