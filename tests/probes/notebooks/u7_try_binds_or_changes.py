# %% step:a
b, c = [1], {}
# %% step:b
try:
    b = c["l"]
except KeyError:
    c["l"] = b
# %% step:c
b.append(2)
print(c)
