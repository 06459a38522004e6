# %% setup
def grow(x, y=1):
    return x
class Base:
    def __init__(self, items): self.items = items
    def __iter__(self):
        return iter(self.items)
    def __iadd__(self, x):
        self.items.append(x)
        return self
    def put(self, x): self.items.append(x)
# %% step:s0
a, c, d = [1], {"n": 0}, Base([4])
# %% step:s1
c["m"] = d
# %% step:s2
c.setdefault("l", []).append(1)
getattr(d, "put")(2)
# %% step:s3
print(grow(a, 2), c["l"], d.items)
