# %% step:a
from pathlib import Path
Path("data.txt").write_text("hello")
# %% step:b after:a
print(open("data.txt").read())
