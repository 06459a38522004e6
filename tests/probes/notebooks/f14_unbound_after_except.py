# %% step:a
e = "kept"
# %% step:b
try:
    1 / 0
except ZeroDivisionError as err:
    pass
# %% step:c
print(e, "err" in globals())
