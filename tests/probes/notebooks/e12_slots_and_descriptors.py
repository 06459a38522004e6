# %% step:a
class Positive:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, o, t=None): return getattr(o, self.name)
    def __set__(self, o, v):
        if v < 0: raise ValueError(v)
        setattr(o, self.name, v)
class P:
    __slots__ = ("_a",)
    a = Positive()
p = P()
p.a = 3
# %% step:b
p.a += 4
# %% step:c
print(p.a)
