# expect: NB401
# %% step:a
def build():
    print("building")
    return lambda x: x + 1
f = build()
# %% step:b
print(f(1))
# %% step:c
print(f(2))
