# %% step:a
rows, n = [[1, 2], [3]], 2
class Outer:
    vals = [1, 2]
    doubled = [v * 2 for v in vals]
    def m(self): return {k: [v + n for v in r] for k, r in enumerate(rows)}
# %% step:b
n = 5
print(Outer().m(), Outer.doubled, {x for r in rows for x in r if x != n})
