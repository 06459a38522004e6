# expect: NB401
# %% step:a
def remember(x, seen=[]):
    seen.append(x)
    return seen
log = remember(1)
# %% step:b
remember(2)
print(log)
# %% step:c
print(remember(3), log)
