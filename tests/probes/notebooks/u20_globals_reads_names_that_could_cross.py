# %% step:a
a = [3, 1, 2]
s = sorted(a, key=lambda v: -v)
f = lambda: 1
# %% step:b
print("s" in globals(), "nope" in globals())
