# %% step:a
from contextlib import contextmanager
log = []
@contextmanager
def timed(name):
    log.append(f"in {name}")
    yield name.upper()
    log.append(f"out {name}")
# %% step:b
with timed("x") as up:
    print(up)
# %% step:c
print(log)
