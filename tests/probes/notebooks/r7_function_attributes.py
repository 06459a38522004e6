# expect: NB401
# %% step:a
def f():
    f.calls += 1
    return f.calls
f.calls = 0
# %% step:b
print(f())
# %% step:c
print(f())
