# expect: NB401
# %% step:a
class M:
    v = 1
    def hi(self): return "old"
m = M()
# %% step:b
class M(M):
    def hi(self): return "new " + super().hi()
m2 = M()
# %% step:c
print(m.hi(), m2.hi(), isinstance(m2, M), isinstance(m, M))
