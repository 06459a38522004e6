# %% step:a
from types import SimpleNamespace
from collections import deque, Counter, defaultdict, ChainMap
ns = SimpleNamespace(a=1, inner=SimpleNamespace(b=[1]))
q, c, g = deque([1], maxlen=2), Counter("ab"), defaultdict(lambda: [])
cm = ChainMap({"a": 1}, {"b": 2})
# %% step:b
ns.inner.b.append(2)
q.append(2); q.append(3)
c.update("a")
cm["z"] = 5
# %% step:c
print(ns, q, c, cm["z"], cm.maps[0])
