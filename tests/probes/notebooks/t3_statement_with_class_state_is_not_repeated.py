# expect: NB401
# %% step:a
class Registry:
    count = 0
    def __init__(self): Registry.count += 1
# %% step:b
x = (print("expensive"), Registry())
# %% step:c
print(Registry.count)
