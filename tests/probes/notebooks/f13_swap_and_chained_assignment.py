# %% step:a
a = b = [1]
c, d = [2], [3]
# %% step:b
c, d = d, c
a.append(9)
# %% step:c
print(a, b, c, d, a is b)
