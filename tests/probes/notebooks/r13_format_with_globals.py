# %% step:a
name, n = "ada", 3
# %% step:b
print("{name} {n}".format(**globals()))
# %% step:c
print("%(name)s" % globals())
