# %% step:a
class Count:
    def __init__(self, n): self.n, self.i = n, 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > self.n: raise StopIteration
        return self.i * step_
step_ = 2
it = Count(4)
# %% step:b
print(next(it), next(it))
# %% step:c
print(list(it))
