# %% step:a
def init():
    global state, other
    state = {"n": 1}
    other = state
init()
# %% step:b
state["n"] += 1
# %% step:c
print(state, other, state is other)
