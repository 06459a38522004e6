# %% step:a
def clean(rows):
    def fix(row):
        row["ok"] = True
    for row in rows:
        fix(row)
    rows.sort(key=lambda r: r["n"])
rows = [{"n": 2}, {"n": 1}]
# %% step:b
clean(rows)
# %% step:c
print(rows)
