# %% step:s1
inner = [1]
d = {"k": inner, "nested": {"deep": (inner, 2)}}
# %% step:s2
inner.append(2)
# %% step:s3
print(d["k"], d["nested"]["deep"][0] is inner)
d["nested"]["deep"][0].append(3)
# %% step:s4
print(inner)
