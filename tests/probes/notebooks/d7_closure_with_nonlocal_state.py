# expect: NB401
# %% step:a
def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    return up
tick = counter()
print(tick())
# %% step:b
print(tick())
# %% step:c
print(tick())
