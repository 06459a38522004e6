# %% step:a
import enum
class F(enum.Flag):
    A = enum.auto()
    B = enum.auto()
mode = F.A | F.B
table = {F.A: "a", F.B: "b"}
# %% step:b
print(F.A in mode, table[F.A], mode == (F.A | F.B), mode is F.A | F.B)
