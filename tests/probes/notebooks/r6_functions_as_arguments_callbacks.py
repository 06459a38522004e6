# %% step:a
bonus = 1
def score(x): return -abs(x - target) + bonus
# %% step:b
target = 4
print(sorted([1, 4, 9], key=score), max([1, 5], key=lambda v: score(v)), list(map(score, [4])))
# %% step:c
target = 9
print(sorted([1, 4, 9], key=score))
