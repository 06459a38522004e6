# %% step:a
d = {"x": 1}
keys = d.keys()
xs = [1, 2, 3, 4]
part = xs[1:3]
# %% step:b
d["y"] = 2
part.append(9)
# %% step:c
print(list(d), xs, part)
