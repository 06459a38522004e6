# %% step:a
import collections
a = [1]
q = collections.deque([a])
# %% step:b
q[0].append(2)
# %% step:c
print(a)
