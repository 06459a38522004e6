# %%
data = [len("abc")]
print("loading", data)
# %% step:a
data.append(1)
# %% step:b
print(data)
