# %% step:a
n = 3
def items():
    for i in range(n):
        yield i * scale
# %% step:b
scale = 2
print(list(items()))
# %% step:c
def chain():
    yield from items()
    yield scale
print(sum(chain()))
