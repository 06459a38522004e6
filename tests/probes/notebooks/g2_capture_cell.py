# %% step:a
%%capture out
print("hidden")
y = 3
# %% step:b
print(y)
