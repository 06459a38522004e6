# %% step:a
train, test = {"x": [1, 2]}, {"x": [3]}
# %% step:b
for frame in [train, test]:
    frame["y"] = [v * 2 for v in frame["x"]]
# %% step:c
print(train, test)
for name, frame in {"train": train, "test": test}.items():
    frame["name"] = name
# %% step:d
print(train["name"], test["name"])
