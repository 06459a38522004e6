# expect: NB401
# %% step:a
width = 3
names = ["a", "b"]
class Table:
    cells = [0] * width
    index = {n: i for i, n in enumerate(names)}
    def size(self, k=width): return len(self.cells) * k
# %% step:b
width = 100
t = Table()
# %% step:c
print(Table.cells, Table.index, t.size(), width)
