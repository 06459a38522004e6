# %% step:a
import types
cfg = types.ModuleType("cfg")
cfg.lr = 0.1
import math
math.tau2 = 7
# %% step:b
print(math.tau2)
