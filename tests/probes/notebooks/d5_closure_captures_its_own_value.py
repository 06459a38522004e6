# %% step:a
def maker(n):
    def add(x):
        return x + n
    return add
add2, add5 = maker(2), maker(5)
# %% step:b
print(add2(1), add5(1))
