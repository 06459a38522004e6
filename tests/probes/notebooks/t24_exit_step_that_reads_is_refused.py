# expect: NB212
# %% step:a
x = 1
# %% step:b on-exit
print(x)
