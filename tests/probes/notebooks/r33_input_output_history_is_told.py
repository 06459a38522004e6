# expect: NB201
# %% step:a
1 + 1
# %% step:b
print(undefined_name)
