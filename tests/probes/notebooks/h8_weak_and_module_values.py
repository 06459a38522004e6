# %% step:a
import math, json as js
lib = math
root = lib.sqrt
# %% step:b
print(lib.pi > 3, root(16), js.dumps([1]))
