# %% step:a
buffer = bytearray(b"abcd")
ref = buffer
# %% step:b
ref[0:2] = b"zz"
# %% step:c
print(buffer, ref is buffer)
