# expect: NB202
# %% step:a after:b
x = 1
# %% step:b after:a
print(1)
