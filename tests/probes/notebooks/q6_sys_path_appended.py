# %% step:a
import sys
sys.path.append("/made/up")
# %% step:b
import sys
print("/made/up" in sys.path)
