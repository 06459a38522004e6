# %% step:a
try:
    import ujson_that_does_not_exist as json
except ImportError:
    import json
HAS = True
try:
    import nope_nope
except ImportError:
    HAS = False
# %% step:b
print(json.dumps({"a": 1}), HAS)
