# %% step:a
class Base:
    def __init__(self, items): self.items = items
    def __iadd__(self, x):
        self.items.append(x)
        return self
a = [1]
d = Base(a)
# %% step:b
d += 3
# %% step:c
print(a)
