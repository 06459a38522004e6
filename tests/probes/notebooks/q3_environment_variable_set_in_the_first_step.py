# %% step:a
import os
os.environ["PROBE_X"] = "1"
os.environ.setdefault("PROBE_Y", "2")
# %% step:b
import os
print(os.environ.get("PROBE_X"), os.getenv("PROBE_Y"))
