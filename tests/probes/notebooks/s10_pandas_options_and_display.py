# slow
# %% step:a
import pandas as pd
pd.set_option("display.max_columns", 2)
pd.options.display.precision = 2
# %% step:b
print(pd.DataFrame({"a": [1.23456], "b": [2], "c": [3]}))
