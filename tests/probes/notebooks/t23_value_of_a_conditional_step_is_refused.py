# expect: NB210
# %% step:a
flag = True
x = 1
# %% step:b when:flag
x = 2
# %% step:c
print(x)
