# %% step:a
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return hash(self.n)
    def __eq__(self, o): return isinstance(o, Key) and self.n == o.n
k = Key(1)
d, s = {k: "v"}, {k}
# %% step:b
print(d[Key(1)], Key(1) in s, k in s)
# %% step:c
print(next(iter(s)) is k, isinstance(k, Key))
