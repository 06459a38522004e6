# %% step:a
counter = 0
def bump():
    global counter
    counter += 1
    return counter
# %% step:b
bump()
bump()
# %% step:c
print(counter)
print(bump())
# %% step:d
print(counter)
