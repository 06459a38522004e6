# expect: NB401
# %% step:a
import threading
lock = threading.Lock()
# %% step:b
with lock:
    print("in")
