# expect: NB206
# %% step:a
x = 1
# %% step:b
del x
# %% step:c
print(x)
