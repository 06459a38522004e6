# %% step:a
class Conf(dict):
    def __getattr__(self, k): return self[k]
    def __setattr__(self, k, v): self[k] = v
class Bag(list):
    def total(self): return sum(self) + extra
extra = 1
conf, bag = Conf(a=1), Bag([1, 2])
# %% step:b
conf.b = 2
bag.append(3)
# %% step:c
print(conf.a, conf.b, bag.total(), type(conf).__name__, isinstance(bag, Bag))
