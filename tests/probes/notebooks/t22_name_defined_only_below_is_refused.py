# expect: NB201
# %% step:a
print(later)
# %% step:b
later = 1
