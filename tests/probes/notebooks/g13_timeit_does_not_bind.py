# %% step:a
x = 1
%timeit -n 1 -r 1 x + 1
# %% step:b
print(x)
