# %% parameters
a = -1
b = [64, 32]
c: float = .1
d = None
e = {"x": [1, 2.5], "y": {"z": None}}
f = "it's"
g = True
h: int = 3
N = 5
n = 6
i = 1e3
j = """two
lines"""
k = []
m: list = [0.0, 1.0]
# %% step:s
for value in (a, b, c, d, e, f, g, h, N, n, i, j, k, m):
    print(repr(value), type(value).__name__)
