# %% step:a
shared = {"hits": 0}
class Client:
    def __init__(self, s): self.s = s
    def hit(self): self.s["hits"] += 1
a, b = Client(shared), Client(shared)
# %% step:b
a.hit()
# %% step:c
b.hit()
# %% step:d
print(shared, a.s is b.s, a.s is shared)
