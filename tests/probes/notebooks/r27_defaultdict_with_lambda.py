# expect: NB401
# %% step:a
from collections import defaultdict
g = defaultdict(lambda: [])
g["a"].append(1)
# %% step:b
g["b"].append(2)
print(dict(g))
