# %% step:a
def f(*args, **kw):
    args[0].append("args"); kw["k"].append("kw")
def g(x, /, *, y): x.append("pos"); y.append("kwonly")
a, b = [], []
# %% step:b
f(a, k=b)
g(a, y=b)
f(*[b], **{"k": a})
# %% step:c
print(a, b)
