# %% step:a
registry = {}
def get(name):
    return registry.setdefault(name, [])
first = get("a")
# %% step:b
first.append(1)
get("b").append(2)
# %% step:c
print(registry, registry["a"] is first)
