# %% step:a
rate = 3
class Price:
    default = 5
    def __init__(self, v):
        self._v = v
    @property
    def v(self):
        return self._v * rate
    @v.setter
    def v(self, new):
        self._v = new
    @staticmethod
    def twice(x):
        return x * 2 + rate
    @classmethod
    def make(cls):
        return cls(cls.default)
p = Price.make()
# %% step:b
p.v = 7
# %% step:c
print(p.v, Price.twice(1), p._v)
