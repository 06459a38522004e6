# xfail: a value nested 500 deep exceeds the recursion limit while it is pickled
# %% step:a
deep = []
for _ in range(500):
    deep = [deep]
# %% step:b
n = 0
while deep:
    deep, n = deep[0], n + 1
print(n)
