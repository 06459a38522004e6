# %% step:a
import os, tempfile
os.chdir("/tmp")
print(os.getcwd())
# %% step:b
import os
print(os.getcwd())
