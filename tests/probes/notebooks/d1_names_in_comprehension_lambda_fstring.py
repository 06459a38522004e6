# %% step:a
n, k, name = 3, 2, "x"
# %% step:b
print([i * k for i in range(n)], f"{name!r:>{n + 2}} {k:0{n}d}", (lambda q: q + k)(1))
