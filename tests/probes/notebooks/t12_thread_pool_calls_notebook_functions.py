# %% step:a
from concurrent.futures import ThreadPoolExecutor
found, factor = [], 2
def work(x): found.append(x * factor)
# %% step:b
with ThreadPoolExecutor(1) as pool:
    list(pool.map(work, [1, 2]))
# %% step:c
print(found)
