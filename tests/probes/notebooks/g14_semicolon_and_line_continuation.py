# %% step:a
a = 1; b = \
    2; c = a + b
d = (a +
     b)
# %% step:b
print(a, b, c, d);
