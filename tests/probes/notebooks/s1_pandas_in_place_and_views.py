# slow
# %% step:a
import pandas as pd
df = pd.DataFrame({"x": [3, 1, 2], "y": list("abc"), "z": [1.5, None, 2.5]}, index=pd.Index([10, 20, 30], name="id"))
X = df[["x"]]
# %% step:b
df["w"] = df["x"] * 2
df.drop(columns="z", inplace=True)
df.loc[10, "x"] = 99
# %% step:c
df.sort_values("x", inplace=True)
print(df, df.dtypes.to_dict())
# %% step:d
print(X, df.index.name)
