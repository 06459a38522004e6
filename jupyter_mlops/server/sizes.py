"""Names → an expression that a kernel evaluates to say what they hold and how large it is.

It runs between the user's cells, so it must be unnoticeable: it loads nothing, binds nothing, calls no code of the user's (a class may say
anything in `__len__` or `shape`), touches nothing lazy, and has an answer whatever is there. Only the libraries' own classes are asked, those that their modules know by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context

MOST_NAMES = 2_000

MEASURE = """
import sys

def own(cls, name):
    return type.__dict__[name].__get__(cls)

def in_words(count):
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}" if unit != "B" else f"{count} B"
        count /= 1000
    return f"{count:,.3g} TB"

def by(shape):
    return " × ".join(f"{int(each):,}" for each in shape) or "one value"

def array(value):
    return by(value.shape), int(value.nbytes)

def frame(value):
    used = value.memory_usage(index=True, deep=False)
    return by(value.shape), int(used if isinstance(used, int) else used.sum())

def index(value):
    return by(value.shape), int(value.memory_usage(deep=False))

def tensor(value):
    return by(value.shape), int(value.element_size() * value.nelement())

def eager(value):
    shape = value.shape.as_list()
    count = 1
    for each in shape:
        count *= each
    return by(shape), int(count * value.dtype.size) or None

def polar(value):
    return by(value.shape), int(value.estimated_size())

def sparse(value):
    return by(value.shape) + f", {int(value.nnz):,} stored", None

KNOWN = {
    ("numpy", "ndarray"): array, ("numpy", "memmap"): array, ("numpy", "MaskedArray"): array, ("numpy", "recarray"): array,
    ("pandas", "DataFrame"): frame, ("pandas", "Series"): frame, ("pandas", "Index"): index, ("pandas", "RangeIndex"): index,
    ("pandas", "DatetimeIndex"): index, ("pandas", "MultiIndex"): index, ("polars", "DataFrame"): polar, ("polars", "Series"): polar,
    ("pyarrow", "Table"): array, ("torch", "Tensor"): tensor, ("torch", "Parameter"): tensor,
    ("tensorflow", "EagerTensor"): eager, ("tensorflow", "ResourceVariable"): eager,
    ("scipy", "csr_matrix"): sparse, ("scipy", "csc_matrix"): sparse, ("scipy", "coo_matrix"): sparse,
    ("scipy", "csr_array"): sparse, ("scipy", "csc_array"): sparse, ("scipy", "coo_array"): sparse,
}
ITEMS = ("list", "tuple", "dict", "set", "frozenset", "deque", "defaultdict", "OrderedDict", "Counter", "range")

def size(value, cls, module, name):
    if module == "builtins" and name in ("int", "float", "bool", "complex") and (name != "int" or -10**15 < value < 10**15):
        return repr(value)
    if module in ("builtins", "collections"):
        if name in ITEMS:
            return f"{len(value):,} item" + "s" * (len(value) != 1)
        if name == "str":
            return f"{len(value):,} character" + "s" * (len(value) != 1)
        return in_words(len(value)) if name in ("bytes", "bytearray") else ""
    if module == "numpy" and name.rstrip("0123456789_") in ("float", "int", "uint", "bool"):
        return repr(value.item())
    measure = KNOWN.get((module.partition(".")[0], name))
    if measure is None:
        return ""
    shape, count = measure(value)
    return ", ".join(each for each in (shape, "" if count is None else in_words(count)) if each)

def told(value):
    cls = type(value)
    module, name = own(cls, "__module__"), own(cls, "__qualname__")
    found = ""
    try:
        home = sys.modules.get(module)
        if home is not None and object.__getattribute__(home, "__dict__").get(name) is cls:
            found = size(value, cls, module, name)
    except Exception:
        pass
    top = module.partition(".")[0]
    plain = top in ("builtins", "__main__", "collections") or not isinstance(module, str)
    return {"type": name if plain else f"{top}.{name}", "size": found}

def quoted(text):
    return '"' + "".join(each if each.isprintable() and each not in '"\\\\' else f"\\\\u{ord(each):04x}" for each in str(text)) + '"'

def everything():
    rows = []
    for name in names:
        if name in space:
            try:
                each = told(space[name])
            except Exception:
                each = {"type": "", "size": ""}
            rows.append(quoted(name) + ": {" + ", ".join(quoted(key) + ": " + quoted(text) for key, text in each.items()) + "}")
    return "{" + ", ".join(rows) + "}"

shown = type("Json", (), {"__slots__": ("text",), "__repr__": lambda self: self.text})()
shown.text = everything()
"""
"""`names` and `space` are given. The answer is an object whose representation is JSON, so that `text/plain` needs no unquoting."""


def sizes(_context: Context, body: Mapping[str, Any]) -> dict[str, str]:
    """Answer `sizes`: names that are none are left out."""
    names = [name for name in dict.fromkeys(body["names"]) if name.isidentifier()][:MOST_NAMES]
    # The user may have bound `exec` or `globals`; the module cannot be hidden that easily, and is loaded in every Python.
    python = '__import__("builtins")'
    given = f'{{"names": {names!r}, "space": {python}.globals()}}'
    return {"code": "", "expression": f"(lambda own: ({python}.exec({MEASURE!r}, own), own['shown'])[1])({given})"}
