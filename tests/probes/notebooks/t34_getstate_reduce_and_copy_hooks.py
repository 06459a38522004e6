# %% step:a
import copy
class Conn:
    def __init__(self, url): self.url, self.live = url, lambda: "live"
    def __getstate__(self): return {"url": self.url}
    def __setstate__(self, s):
        self.__dict__.update(s)
        self.live = lambda: "again" + tag
    def __deepcopy__(self, memo): return Conn(self.url + "2")
tag = "!"
c = Conn("u")
# %% step:b
print(c.url, copy.deepcopy(c).url, callable(c.live))
