# %% step:a
import functools, time
def timer(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        result = fn(*args, **kwargs)
        times.append(fn.__name__)
        return result
    return wrapper
times = []
@timer
def slow(x):
    """Doc."""
    return x + offset
offset = 1
# %% step:b
print(slow(1), slow.__name__, slow.__doc__)
# %% step:c
print(times)
