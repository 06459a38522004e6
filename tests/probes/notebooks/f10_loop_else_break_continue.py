# %% step:a
found = None
for i in range(10):
    if i == 3:
        found = i
        break
else:
    found = "never"
# %% step:b
while True:
    i += 1
    if i > 5:
        break
# %% step:c
print(found, i)
