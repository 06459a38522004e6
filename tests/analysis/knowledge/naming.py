"""A class → the dotted path under which notebooks know it."""

from __future__ import annotations

import sys

HOMES = ("pandas.api.typing", "pandas", "matplotlib.axes", "numpy.random", "scipy.sparse", "io", "itertools", "collections")
NUMBERS = {
    "float64": "float",
    "float32": "float",
    "int64": "int",
    "int32": "int",
    "intp": "int",
    "bool": "bool",
    "bool_": "bool",
    "str_": "str",
}


def public_name(kind: type) -> str:
    """Return the shortest public path; NumPy's numbers are called as Python's."""
    module, name = kind.__module__, kind.__qualname__
    if module == "builtins":
        return name
    if module == "numpy" and (name in NUMBERS or name.startswith(("int", "uint", "float"))):
        return NUMBERS.get(name, "int" if "int" in name else "float")
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        path = ".".join(parts[:length])
        if not any(part.startswith("_") for part in parts[:length]) and getattr(sys.modules.get(path), name, None) is kind:
            return f"{path}.{name}"
        for home in HOMES:
            if getattr(sys.modules.get(home), name, None) is kind:
                return f"{home}.{name}"
    return f"{'.'.join(part for part in parts if not part.startswith('_')) or module}.{name}"
