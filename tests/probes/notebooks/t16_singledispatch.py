# %% step:a
from functools import singledispatch
unit = "u"
@singledispatch
def show(x): return f"any {x}"
@show.register
def _(x: int): return f"int {x}{unit}"
@show.register(list)
def _(x): return "list"
# %% step:b
print(show(1), show("a"), show([]))
