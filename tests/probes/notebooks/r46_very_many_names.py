# %% step:a
for k in range(300):
    globals()[f"v{k}"] = k
a = [v0, v1, v299]
# %% step:b
print(a, v17)
