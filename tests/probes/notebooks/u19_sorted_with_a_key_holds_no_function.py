# %% step:a
a = [3, 1, 2]
s = sorted(a, key=lambda v: -v)
m = max(a, key=lambda v: v)
g = list(filter(lambda v: v > 1, a))
t = list(map(lambda v: v * 2, a))
# %% step:b
print(s, m, g, t)
