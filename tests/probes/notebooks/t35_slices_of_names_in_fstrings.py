# %% step:a
width, vals, fmt = 6, {"k": 1.5}, ".2f"
# %% step:b
print(f"{vals['k']:{width}{fmt}}|{vals=}|{'x' if width else fmt}|{(lambda q: q)(width)}|{[v for v in vals]}")
