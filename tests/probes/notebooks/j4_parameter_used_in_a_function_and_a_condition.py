# %% parameters
depth = 2
verbose = False
# %% step:a
def build():
    return [depth] * depth
if verbose:
    note = "loud"
else:
    note = "quiet"
# %% step:b
print(build(), note)
