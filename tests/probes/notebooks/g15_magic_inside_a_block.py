# %% step:a
n = 2
if n > 1:
    !echo inside {n}
    files = !echo one
for i in range(2):
    %time j = i
# %% step:b
print(files[0], j, i)
