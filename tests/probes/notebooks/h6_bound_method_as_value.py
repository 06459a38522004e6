# %% step:a
class Acc:
    def __init__(self): self.total = 0
    def add(self, n):
        self.total += n
        return self.total
acc = Acc()
add = acc.add
# %% step:b
add(5)
# %% step:c
print(acc.total, add(1), add.__self__ is acc)
