# %% step:a
names = !printf 'b\na\n'
print(names)
# %% step:b
print(sorted(names))
