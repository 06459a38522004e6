# %% step:a
d = {"x": [1]}
a = d.setdefault("y", [])
b = d.get("x")
e = d.pop("x")
f = dict(d).popitem()[1]
# %% step:b
a.append(1); b.append(2)
# %% step:c
print(d, e, f)
