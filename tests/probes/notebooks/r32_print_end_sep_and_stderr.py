# %% step:a
import sys
x = 1
print("a", end="")
print("b", x, sep="-")
sys.stdout.write("no newline")
# %% step:b
print(f"{x!r}", file=sys.stdout, flush=True)
