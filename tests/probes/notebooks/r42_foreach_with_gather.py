# %% step:prep
grid = [1, 2, 3]
# %% step:fit foreach:grid
scores = []
best = {}
for g in grid:
    scores.append(g * g)
    best[g] = g + 1
# %% step:end
print(scores, best)
