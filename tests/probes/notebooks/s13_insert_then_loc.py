# slow
# %% step:a
import pandas as pd
b = pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]})
# %% step:b
b.insert(0, "i", 2)
# %% step:c
b.loc[:, "x"] += 1
# %% step:d
print(b)
