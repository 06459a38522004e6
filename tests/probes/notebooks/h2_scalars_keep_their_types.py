# %% step:a
i, f, b, s, n = 1, 2.0, True, "x\ud83d", None
neg, huge, small = -0.0, 10**400, 5e-324
nan = float("nan")
# %% step:b
print(repr(i), repr(f), repr(b), ascii(s), n, neg, len(str(huge)), small, nan != nan)
