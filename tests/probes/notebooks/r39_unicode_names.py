# %% step:a
größe = 3
π = 3.14
变量 = [größe]
# %% step:b
变量.append(π)
# %% step:c
print(größe, π, 变量)
