# %% step:a
pair = [[1], [2]]
left, right = pair
# %% step:b
pair[0], pair[1] = pair[1], pair[0]
left.append(10)
# %% step:c
print(pair, left, right, pair[1] is left)
