# %% step:a
base = [1, 2]
def inner():
    return sum(base)
def middle(f):
    return f() + offset
# %% step:b
offset = 100
def outer():
    return middle(inner)
# %% step:c
print(outer())
base.append(5)
# %% step:d
print(outer(), base)
