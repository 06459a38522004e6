# %% step:a
value = "x"
try:
    value = int("12")
except ValueError:
    value = -1
else:
    ok = True
finally:
    done = 1
# %% step:b
try:
    value = int("nope")
    ok = "unreached"
except ValueError as error:
    message = str(error)[:7]
# %% step:c
print(value, ok, done, message)
