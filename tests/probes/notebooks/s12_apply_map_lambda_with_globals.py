# slow
# %% step:a
import pandas as pd
mapping, add = {"a": 1, "b": 2}, 10
df = pd.DataFrame({"k": ["a", "b"]})
def lookup(v): return mapping[v] + add
# %% step:b
df["v"] = df["k"].apply(lookup)
df["w"] = df.apply(lambda r: r["v"] * add, axis=1)
# %% step:c
add = 0
print(df.k.map(lookup).tolist(), df.v.tolist(), df.w.tolist())
