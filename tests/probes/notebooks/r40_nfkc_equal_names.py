# %% step:a
ﬁle = 1
print(file)
# %% step:b
print(file + 1)
