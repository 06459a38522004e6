# %% step:s0
a, b = [1], [2]
p = (a, b)
# %% step:s1
a += [0]
# %% step:s2
print(a, b)
# %% step:end
print(p, p[0] is a, p[1] is b)
