# %% step:a
class Builder:
    def __init__(self): self.parts = []
    def add(self, x):
        self.parts.append(x)
        return self
    def build(self): return " ".join(self.parts) + end
end = "."
b = Builder()
# %% step:b
other = b.add("a").add("b")
# %% step:c
other.add("c")
print(b.build(), other is b)
# %% step:d
print(b.build())
