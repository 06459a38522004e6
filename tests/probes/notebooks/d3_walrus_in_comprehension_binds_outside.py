# %% step:a
data = [1, 5, 2, 8]
big = [last := v for v in data if v > 2]
# %% step:b
print(last, big)
