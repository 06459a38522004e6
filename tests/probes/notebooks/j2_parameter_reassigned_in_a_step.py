# %% parameters
n = 3
# %% step:a
n = n * 2
print(n)
# %% step:b
print(n)
