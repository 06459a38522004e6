# expect: NB101
# %% stepp:a
x = 1
