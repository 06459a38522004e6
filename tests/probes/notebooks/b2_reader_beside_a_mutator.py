# %% step:make
a = [1]
# %% step:zmut after:make
a.append(2)
# %% step:areport after:make
print(len(a))
# %% step:use after:zmut after:areport
print(a)
