# %% step:a
kind = "default"
flag = False
# %% step:b
if flag:
    kind = "special"
# %% step:c
print(kind)
