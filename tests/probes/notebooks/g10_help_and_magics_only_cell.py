# %% step:a
x = 1
x?
# %% step:b
%load_ext autoreload
%autoreload 2
# %% step:c
print(x)
