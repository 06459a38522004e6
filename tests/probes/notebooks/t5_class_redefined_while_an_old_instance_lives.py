# expect: NB401
# %% step:a
class M:
    def hi(self): return "old"
m = M()
# %% step:b
class M:
    def hi(self): return "new"
n = M()
# %% step:c
print(m.hi(), n.hi())
