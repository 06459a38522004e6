# %% step:a
class C: pass
c = C()
# %% step:b
setattr(c, "x", 1)
vars(c)["y"] = 2
c.__dict__["z"] = 3
# %% step:c
print(getattr(c, "x"), c.y, c.z)
delattr(c, "x")
# %% step:d
print(hasattr(c, "x"))
