# %% step:a
def make():
    class Local:
        v = 1
    return Local()
print(make().v)
# %% step:b
print(make().v)
