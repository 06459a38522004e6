# expect: NB401
# %% step:a
class Registry:
    items = []
    count = 0
    def __init__(self, name):
        Registry.count += 1
        self.items.append(name)
first = Registry("a")
# %% step:b
second = Registry("b")
# %% step:c
print(Registry.count, Registry.items, first.items)
