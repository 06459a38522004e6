# expect: NB401
# %% step:a
fh = open("x.txt", "w")
# %% step:b
fh.write("a")
