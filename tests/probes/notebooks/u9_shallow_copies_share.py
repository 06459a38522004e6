# %% step:a
import copy
rows = [[1], [2]]
one, two, three, four = rows[:], list(rows), copy.copy(rows), rows.copy()
five = {**{"r": rows}}
six = [*rows]
seven = rows + []
eight = tuple(rows)
nine = dict(zip("ab", rows))
# %% step:b
one[0].append(1); two[0].append(2); three[0].append(3); four[0].append(4); five["r"][0].append(5)
six[0].append(6); seven[0].append(7); eight[0].append(8); nine["a"].append(9)
# %% step:c
print(rows)
