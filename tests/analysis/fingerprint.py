"""Any object → a digest of all that it holds; two equal digests before and after a cell: the cell did not change the object.

Modules, library functions and library classes count as constants, generators and files by their position.
What only memoises (`functools.cached_property`, the caches of pandas) is left out.
"""

from __future__ import annotations

import functools
import hashlib
import io
import logging
import re
import sys
import types
import weakref
from typing import Any

CACHES = {"_cache", "_cacher", "_item_cache", "_engine", "_mgr_cache", "__weakref__", "__dict__", "__doc__", "_abc_impl", "__annotations__"}
CONSTANTS = (
    types.ModuleType,
    logging.Logger,
    weakref.ref,
    weakref.WeakKeyDictionary,
    types.BuiltinFunctionType,
    types.CodeType,
    re.Pattern,
)
REDUCES = {"__reduce__", "__reduce_ex__", "__getstate__"}
ATOMS = (bool, int, float, complex, str, bytes, type(None), range, type(Ellipsis), type(NotImplemented), slice)


def fingerprint(value: object, home: dict[str, Any]) -> str:
    """Return the digest of a value; `home` is the namespace whose functions and classes are the notebook's own."""
    return hashlib.sha256(repr(_Walk(home).describe(value)).encode("utf-8", "surrogatepass")).hexdigest()


class _Walk:
    """One value; an object seen before stands as the number of its first visit."""

    def __init__(self, home: dict[str, Any]) -> None:
        self.home = home
        self.seen: dict[int, int] = {}
        self.kept: list[object] = []

    def describe(self, value: Any) -> Any:
        """Return a tree of plain values that is equal for equal contents."""
        if isinstance(value, ATOMS):
            return type(value).__name__, repr(value)
        if isinstance(value, CONSTANTS):
            return "constant", getattr(value, "__name__", type(value).__name__)
        if id(value) in self.seen:
            return "again", self.seen[id(value)]
        self.seen[id(value)] = len(self.seen)
        self.kept.append(value)
        for kinds, method in (
            (type, self._class),
            (types.FunctionType, self._function),
            (types.MethodType, self._method),
            (property | staticmethod | classmethod, self._wrapper),
            (types.GeneratorType, self._generator),
            (io.IOBase, self._file),
        ):
            if isinstance(value, kinds):
                return method(value)
        module = type(value).__module__.partition(".")[0]
        library = getattr(self, f"_{module}", None)
        described = library(value) if library is not None else None
        return described if described is not None else self._object(value)

    def _all(self, values: Any) -> list[Any]:
        return [self.describe(each) for each in values]

    def _class(self, value: type) -> Any:
        if value.__module__ != "__main__":
            return "class", value.__module__, value.__qualname__
        members = {key: held for key, held in vars(value).items() if key not in CACHES}
        return "class", value.__qualname__, [(key, self.describe(members[key])) for key in sorted(members)]

    def _function(self, value: types.FunctionType) -> Any:
        wrapped = getattr(value, "__wrapped__", None)
        if value.__globals__ is not self.home and getattr(wrapped, "__globals__", None) is not self.home:
            return "function", value.__module__, value.__qualname__
        cells = [each.cell_contents for each in value.__closure__ or () if _filled(each)]
        return "function", value.__qualname__, self._all([value.__defaults__, value.__kwdefaults__, _plain(vars(value)), *cells])

    def _method(self, value: types.MethodType) -> Any:
        return "method", self._all([value.__func__, value.__self__])

    def _wrapper(self, value: Any) -> Any:
        return "wrapper", self.describe(getattr(value, "fget", None) or getattr(value, "__func__", None))

    def _generator(self, value: types.GeneratorType[Any, Any, Any]) -> Any:
        frame = value.gi_frame
        if frame is None:
            return "generator", "ended"
        return "generator", frame.f_lasti, self.describe({key: held for key, held in frame.f_locals.items() if key != ".0"})

    def _file(self, value: Any) -> Any:
        if value in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            return "file", "standard"
        if value.closed:
            return "file", "closed"
        if hasattr(value, "getvalue"):
            return "file", value.getvalue(), value.tell()
        return "file", value.buffer.tell() if hasattr(value, "buffer") else value.tell()

    def _numpy(self, value: Any) -> Any:
        import numpy as np

        if isinstance(value, np.ndarray):
            content = self._all(value.ravel().tolist()) if value.dtype == object else value.tobytes()
            return "array", str(value.dtype), value.shape, content
        return ("number", repr(value)) if isinstance(value, np.generic | np.dtype) else None

    def _pandas(self, value: Any) -> Any:
        import pandas as pd

        if isinstance(value, pd.DataFrame):
            columns = [self._all(value.iloc[:, at].tolist()) for at in range(value.shape[1])]
            return "frame", self._all([list(value.columns), list(value.index)]), [str(each) for each in value.dtypes], columns
        if isinstance(value, pd.Series):
            return "series", str(value.dtype), repr(value.name), self._all(value.tolist()), self._all(value.index)
        return ("pandas", repr(value)) if isinstance(value, pd.Index | pd.Timestamp) else None

    def _matplotlib(self, value: Any) -> Any:
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D

        if isinstance(value, Figure):
            return "figure", self._all(value.axes), [each.get_text() for each in value.texts], value.get_suptitle()
        if isinstance(value, Axes):
            texts = (value.get_title(), value.get_xlabel(), value.get_ylabel(), value.get_xlim(), value.get_legend() is None)
            return "axes", texts, [type(each).__name__ for each in value.get_children()], self._all(value.lines)
        return (
            ("line", value.get_xydata().tobytes(), repr(value.get_color()))
            if isinstance(value, Line2D)
            else ("artist", type(value).__name__)
        )

    def _object(self, value: Any) -> Any:
        kind = type(value)
        parts: list[Any] = [kind.__module__, kind.__qualname__]
        plain = isinstance(value, list | tuple | dict | set | frozenset | bytearray | memoryview)
        if isinstance(value, dict):
            parts.append([(self.describe(key), self.describe(held)) for key, held in list(value.items())])
        elif isinstance(value, set | frozenset):
            parts.append(sorted(repr(each) for each in value))
        elif plain:
            parts.append(bytes(value) if isinstance(value, bytearray | memoryview) else self._all(value))
        slots = [name for base in kind.__mro__ for name in _names(base.__dict__.get("__slots__", ())) if name not in CACHES]
        held = getattr(value, "__dict__", None)
        if not plain and (REDUCES & vars(kind).keys() if held is not None else not slots):
            return [*parts, self._reduced(value)]
        parts.extend((name, self.describe(getattr(value, name))) for name in slots if hasattr(value, name))
        parts.extend(
            (name, self.describe(each)) for name, each in sorted((held or {}).items(), key=lambda item: str(item[0])) if _kept(kind, name)
        )
        return parts

    def _reduced(self, value: Any) -> Any:
        try:
            reduced = value.__reduce_ex__(4)
        except TypeError:  # what cannot be pickled is taken as it prints
            return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
        if isinstance(reduced, str):
            return reduced
        return self._all([*reduced[:3], *(list(each) for each in reduced[3:5] if each is not None)])


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _plain(members: dict[str, Any]) -> dict[str, Any]:
    return {key: held for key, held in members.items() if key not in ("__wrapped__", *CACHES)}


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _kept(kind: type, name: str) -> bool:
    own = kind.__module__ == "__main__"  # what the notebook keeps on purpose may differ from what it would find again
    return name not in CACHES and (own or not isinstance(getattr(kind, name, None), functools.cached_property))
