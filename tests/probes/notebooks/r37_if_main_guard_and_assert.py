# %% step:a
x = 3
if __name__ == "__main__":
    x = 4
assert x == 4, "main"
# %% step:b
print(x, __name__)
