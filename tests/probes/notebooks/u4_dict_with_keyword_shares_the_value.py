# %% step:a
a = [1]
c = dict({"n": 0}, m=a)
# %% step:b
a += [2]
# %% step:c
print(c)
