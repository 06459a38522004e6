# %% step:a
who, n = "world", 3
# %% step:b
!echo hello {who} {n + 1} $who
# %% step:c
msg = !echo {who.upper()}
print(msg[0])
