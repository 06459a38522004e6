# %% step:root
print("root")
# %% step:b1 after:root
x = 1
# %% step:b2 after:root
y = 2
# %% step:b3 after:root
z = 3
# %% step:join after:b1 after:b2 after:b3
print(x + y + z)
