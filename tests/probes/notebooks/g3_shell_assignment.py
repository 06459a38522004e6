# xfail: the lines of a shell command are pickled by a class that the next step has not packed
# %% step:a
names = !printf 'b\na\n'
print(names)
# %% step:b
print(sorted(names))
