# %% step:a
from itertools import chain, islice, product
a, b = [1], [2]
# %% step:b
for x in reversed([a, b]): x.append("r")
for x, y in zip([a], [b]): y.append("z")
for i, x in enumerate([a, b]): x.append(i)
for x in chain([a], [b]): x.append("c")
for x in islice([a, b], 1): x.append("i")
for x, y in product([a], [b]): y.append("p")
for k, v in sorted({"a": a}.items()): v.append("s")
for x in {"k": b}.values(): x.append("v")
# %% step:c
print(a, b)
