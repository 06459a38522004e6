# expect: NB103
# %% step:größe
print(1)
