# slow
# %% step:a
import pandas as pd, numpy as np
df = pd.DataFrame({
    "cat": pd.Categorical(["a", "b", "a"], categories=["b", "a"], ordered=True),
    "when": pd.to_datetime(["2020-01-01", None, "2020-03-01"]).tz_localize("Europe/Paris"),
    "int": pd.array([1, None, 3], dtype="Int64"), "obj": [1, "x", None], "lists": [[1], [2, 3], []], "str": ["é", None, ""],
    "td": pd.to_timedelta([1, 2, 3], unit="h"), "per": pd.period_range("2020", periods=3, freq="M"), "b": [True, False, True],
    "c": [1 + 2j, 0, 1j], "iv": pd.interval_range(0, 3), "f32": np.array([1, 2, 3], "float32"),
})
multi = df.set_index(["cat", "b"])["int"]
cols = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]))
dup = pd.DataFrame([[1, 2]], columns=["a", "a"])
empty, ts = pd.DataFrame(), pd.Series([1.0], name=("t", 1))
s2 = pd.Series([1, 2], index=[0, 0]).rename(5)
# %% step:b
print(df.dtypes.astype(str).to_dict())
print(df.to_dict("list"))
print(multi.index.names, multi.index.levels[0].dtype, multi.tolist())
print(cols.columns.tolist(), dup.columns.tolist(), dup.values.tolist(), empty.shape, ts.name, s2.name, type(s2.name))
print(df.cat.cat.ordered, list(df.cat.cat.categories), df.columns.tolist())
