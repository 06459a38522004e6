# %% step:a
import math
from json import dumps as d
import os.path as osp, collections.abc
# %% step:b
print(math.pi > 3, d([1]), osp.join("a", "b"), collections.abc.Sized.__name__)
