# %% step:a
registry = {}
class Plugin:
    def __init_subclass__(cls, **kw):
        registry[cls.__name__] = cls
# %% step:b
class Csv(Plugin):
    ext = ".csv"
# %% step:c
print(sorted(registry), registry["Csv"].ext)
