# expect: NB112
# %% step:a memory:lots
x = 1
