# %% step:a
class Thing:
    def name(self): return "old"
t = Thing()
# %% step:b
def new_name(self):
    return "new" + suffix
Thing.name = new_name
suffix = "!"
# %% step:c
print(t.name(), Thing().name())
