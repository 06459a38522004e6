# %% step:a
d = {"x": 1}
lst = [1]
s = {1}
# %% step:b
d.update(y=2)
lst.append(2)
s |= {5}
# %% step:c
d["z"] = 3
lst[0] = 9
s.discard(1)
# %% step:e
print(sorted(d.items()), lst, sorted(s))
