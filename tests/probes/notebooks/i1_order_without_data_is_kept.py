# %% step:migrate
print("migrate")
# %% step:use after:migrate
print("use")
