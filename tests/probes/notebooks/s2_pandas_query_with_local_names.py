# slow
# %% step:a
import pandas as pd
low, col = 1, "x"
df = pd.DataFrame({"x": [1, 2, 3], "y": [4, 5, 6]})
# %% step:b
print(df.query("x > @low and y < @df.y.max()"))
# %% step:c
out = df.eval("s = x + @low")
# %% step:d
print(out)
