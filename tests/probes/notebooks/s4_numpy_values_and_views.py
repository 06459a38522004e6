# slow xfail: two arrays that share memory are stored apart
# %% step:a
import numpy as np
m = np.arange(6.0).reshape(2, 3)
row, t = m[0], m.T
scalar, obj, st = np.float64(1.5), np.array([{"a": 1}, None], dtype=object), np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
rng = np.random.default_rng(3)
masked = np.ma.array([1, 2], mask=[0, 1])
f = np.asfortranarray(m)
dt, b = np.array(["2020-01-01"], "M8[D]"), np.array(["é", "b"])
mat0 = np.array(5)
# %% step:b
row[0] = 100
m *= 2
# %% step:c
print(m, row, t[0], row.base is m, type(scalar).__name__, obj, st["b"], rng.integers(100), masked)
print(f.flags.f_contiguous, dt, b, mat0.shape)
# %% step:d
print(rng.integers(100))
