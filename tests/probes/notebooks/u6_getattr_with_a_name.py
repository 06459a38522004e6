# %% step:a
c = {"n": 0}
class Sub:
    def put(self, x): c["n"] = x
d = Sub()
# %% step:b
getattr(d, "put")(2)
# %% step:c
print(c)
