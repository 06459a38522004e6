# %% step:a
ring = [1]
ring.append(ring)
# %% step:b
ring[1].append(2)
# %% step:c
print(ring[1] is ring, len(ring))
