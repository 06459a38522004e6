# expect: NB102
# %% step:a cpu:1
x = 1
# %% step:a cpu:2
print(x)
