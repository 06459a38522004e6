# %% step:s0
log = ["s0"]
# %% step:s1
log.append("s1")
# %% step:s2
print(log[-1])
# %% step:s3
log += ["s3"]
# %% step:s4
alias = log
# %% step:s5
alias.append("s5")
# %% step:s6
log = list(log)
# %% step:s7
log.append("s7")
# %% step:s8
print(alias)
# %% step:s9
print(log, log is alias)
