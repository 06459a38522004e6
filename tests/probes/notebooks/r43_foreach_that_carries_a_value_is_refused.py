# expect: NB211
# %% step:prep
grid = [1, 2, 3]
total = 0
# %% step:fit foreach:grid
for g in grid:
    total = total + g
# %% step:end
print(total)
