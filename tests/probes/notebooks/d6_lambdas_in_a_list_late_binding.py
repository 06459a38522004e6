# expect: NB401
# %% step:a
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
# %% step:b
print([f() for f in fs], [g() for g in gs])
