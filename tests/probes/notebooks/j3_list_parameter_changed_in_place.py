# %% parameters
layers = [64, 32]
opts = {"a": 1}
# %% step:a
layers.append(1)
opts["b"] = 2
# %% step:b
print(layers, opts)
