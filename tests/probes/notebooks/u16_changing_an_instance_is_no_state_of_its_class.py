# %% setup
class Base:
    def __init__(self, items=None):
        self.items = items if items is not None else []
    def __iadd__(self, x):
        self.items.append(x)
        return self
class Sub(Base):
    def put(self, x):
        return self
# %% step:s0
c, d, e = {"n": 0}, Base([4]), Sub()
# %% step:s1
d.items, e.items = e.items, d.items
# %% step:s2
vars(d)["items"] = [3]
# %% step:s3
print(isinstance(c.get("m"), Base), d.items, e.items)
