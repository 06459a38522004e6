# %% step:a
def f(): return 1
a = f()
# %% step:b
def f(): return 2
b = f()
# %% step:c
print(a, b, f())
