# %% step:a
# only a comment
# %%
!pip install nothing-at-all==1.0
x = 4
# %% step:b
# and another

# %% step:c
print(x)
