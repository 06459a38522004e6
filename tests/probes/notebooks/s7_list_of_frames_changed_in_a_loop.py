# slow
# %% step:a
import pandas as pd
train, test = pd.DataFrame({"x": [1, 2]}), pd.DataFrame({"x": [3]})
# %% step:b
for d in [train, test]:
    d["y"] = d["x"] + 1
# %% step:c
for name, d in zip(["train", "test"], (train, test)):
    d.insert(0, "set", name)
# %% step:e
print(train, test)
