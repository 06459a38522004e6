# expect: NB401
# %% step:a
handlers = {}
def register(name):
    def wrap(fn):
        handlers[name] = fn
        return fn
    return wrap
# %% step:b
@register("double")
def double(x): return x * 2
# %% step:c
@register("triple")
def triple(x): return x * 3
# %% step:d
print(sorted(handlers), handlers["double"](4), handlers["triple"](4))
