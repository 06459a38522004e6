# %% step:s1
a = [1]
b = a
# %% step:s2
b.append(2)
# %% step:s3
print(a, b, a is b)
