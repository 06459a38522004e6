# slow
# %% step:a
import pandas as pd
df = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
g = df.groupby("x")
col = df["x"]
# %% step:b
print(g["y"].sum().tolist(), col.tolist())
