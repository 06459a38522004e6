# %% step:a
import datetime, decimal, fractions, pathlib, uuid, re, collections
v = {
    "none": None, "big": 2**80, "float": float("inf"), "complex": 1 + 2j, "bytes": b"\x00\xff", "tuple": (1, (2,)),
    "set": {1}, "frozen": frozenset({2}), "date": datetime.date(2020, 1, 2), "dec": decimal.Decimal("1.10"),
    "frac": fractions.Fraction(1, 3), "path": pathlib.PurePosixPath("a/b"), "uuid": uuid.UUID(int=5),
    "re": re.compile("a+").pattern, "counter": collections.Counter("aab"), "range": range(3), "slice": slice(1, 2),
    "deque": collections.deque([1], maxlen=3), "intkeys": {1: "a", (2, 3): "b", None: 0}, "ba": bytearray(b"x"), "ell": ...,
}
pattern = re.compile("b+")
od = collections.OrderedDict(b=1, a=2)
dd = collections.defaultdict(list, {"x": [1]})
# %% step:b
for key, value in v.items():
    print(key, type(value).__name__, value)
print(pattern.findall("abb"), list(od), dd["new"], type(dd).__name__)
