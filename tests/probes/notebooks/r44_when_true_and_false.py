# %% step:a
good, bad = True, False
# %% step:b when:good
print("yes")
# %% step:c
print("after")
