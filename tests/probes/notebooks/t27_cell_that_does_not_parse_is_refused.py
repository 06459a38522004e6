# expect: NB003
# %% step:a
print "python 2"
