# expect: NB401
# %% step:a
def numbers():
    yield 1
    yield 2
g = numbers()
# %% step:b
print(next(g))
