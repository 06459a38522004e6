# slow
# %% step:a
import pandas as pd
k = 2
a = pd.DataFrame({"x": [1.0, 2.0, 4.0]})
a = a[a["x"] > 1] if (a["x"] > 1).any() else a
# %% step:b
a = a.copy()
# %% step:c
print(a.eval("x + @k").tolist(), len(a.query("x > @k")))
