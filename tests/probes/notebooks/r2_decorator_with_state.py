# %% step:a
calls = []
def logged(fn):
    def inner(*a, **k):
        calls.append(fn.__name__)
        return fn(*a, **k)
    return inner
@logged
def add(x, y): return x + y
# %% step:b
print(add(1, 2))
# %% step:c
print(add(3, 4), calls)
