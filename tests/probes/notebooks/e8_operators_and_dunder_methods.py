# %% step:a
unit = "cm"
class Len:
    def __init__(self, n): self.n = n
    def __add__(self, o): return Len(self.n + o.n)
    def __iadd__(self, o):
        self.n += o.n
        return self
    def __repr__(self): return f"{self.n}{unit}"
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __getitem__(self, i): return self.n + i
    def __contains__(self, x): return x == self.n
    def __len__(self): return self.n
    def __call__(self, k): return self.n * k
    def __enter__(self): return self
    def __exit__(self, *a): self.n = 0
    __hash__ = None
a = Len(1)
alias = a
# %% step:b
a += Len(2)
# %% step:c
print(alias, sorted([Len(3), Len(1)]), a[2], 3 in a, len(a), a(4), a == Len(3))
with a as inside:
    print(inside)
# %% step:d
print(alias, a is alias)
