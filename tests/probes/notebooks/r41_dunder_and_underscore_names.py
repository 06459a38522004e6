# %% step:a
_ = 5
__secret = 6
_x = 7
# %% step:b
print(_, __secret, _x)
