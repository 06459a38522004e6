# expect: NB201
# %% step:a
total = 1
# %% step:b
print(totl)
