# %% setup
import copy
class Base:
    def __init__(self, items=None):
        self.items = items if items is not None else []
    def put(self, x):
        self.items.append(x)
        return self
    def __iadd__(self, x):
        self.items.append(x)
        return self
class Sub(Base):
    def put(self, x): return super().put(x)
# %% step:s0
d, e = Base([4]), Sub()
# %% step:s1
d.items, e.items = e.items, d.items
# %% step:s2
e = copy.deepcopy(d)
# %% step:s3
print(Base.__name__, d.items, e.items)
