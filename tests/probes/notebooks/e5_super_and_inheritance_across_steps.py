# %% step:a
class Base:
    def __init__(self, x):
        self.x = x
    def show(self):
        return f"base {self.x}"
# %% step:b
class Child(Base):
    def __init__(self, x):
        super().__init__(x + 1)
    def show(self):
        return "child " + super().show()
# %% step:c
c = Child(1)
# %% step:d
print(c.show(), isinstance(c, Base), Child.__mro__[1] is Base)
