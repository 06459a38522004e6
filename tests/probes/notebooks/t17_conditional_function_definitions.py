# %% step:a
fast = True
if fast:
    def run(x): return x * 2
else:
    def run(x): return x
try:
    def safe(x): return run(x)
except Exception:
    safe = None
# %% step:b
print(run(2), safe(3))
