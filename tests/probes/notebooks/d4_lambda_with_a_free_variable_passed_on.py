# %% step:a
offset = 5
shift = lambda v: v + offset
# %% step:b
print(shift(1))
# %% step:c
offset = 50
print(shift(1))
