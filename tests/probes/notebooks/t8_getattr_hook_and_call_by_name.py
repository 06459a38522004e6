# %% step:a
bias = 1
class Lazy:
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return lambda x: f"{name}:{x + bias}"
class Ops:
    def up(self, x): return x + bias
    def down(self, x): return x - bias
lazy, ops = Lazy(), Ops()
# %% step:b
print(lazy.go(1), getattr(ops, "up")(1), [getattr(ops, n)(1) for n in ("up", "down")])
