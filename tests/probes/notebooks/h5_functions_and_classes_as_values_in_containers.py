# %% step:a
def double(x): return x * 2
class Op:
    sign = "+"
table = {"double": double, "len": len, "Op": Op, "upper": str.upper}
# %% step:b
print(table["double"](4), table["len"]([1]), table["Op"] is Op, table["upper"]("a"), table["double"] is double)
