# %% step:a
rate = 3
class Price:
    def __init__(self, v): self._v = v
    @property
    def v(self): return self._v * rate
p = Price(1)
# %% step:b
print(p.v)
