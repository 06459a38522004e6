# %% step:a
x = 1
x += 2
tmp = 5
del tmp
if (n := x) > 2:
    pass
first, *rest = [1, 2, 3]
# %% step:b
match rest:
    case [a, b] if a < b:
        kind = "pair"
    case _:
        kind = "other"
# %% step:c
print(x, n, first, rest, a, b, kind)
