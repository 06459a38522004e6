# %% step:a
x = 1
# %% skip
x = 100
# %% step:b
print(x)
