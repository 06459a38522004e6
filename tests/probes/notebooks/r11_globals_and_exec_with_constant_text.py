# %% step:a
a = 2
exec("b = a + 1")
# %% step:b
print(eval("a * 10 + b"))
# %% step:c
globals()["dyn"] = 7
print(globals()["a"])
# %% step:d
print(dyn)
