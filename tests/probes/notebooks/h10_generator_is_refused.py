# expect: NB401
# %% step:a
gen = (i * 2 for i in range(3))
# %% step:b
print(list(gen))
