"""Any object → a digest of all that it holds, the mutable objects inside it, and the arrays inside it.

Equal digests before and after a call: the call changed nothing. Common mutable objects of two values: one can be changed through the other.
Modules, functions, classes and locks are constants; what only memoises is left out.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import logging
import re
import sys
import threading
import types
import weakref
from typing import Any

CACHES = frozenset(
    "_cache _cacher _item_cache _engine __weakref__ __dict__ __doc__ _abc_impl stale _stale _stale_viewlims _mouseover _cachedRenderer "
    "_axes_stack _button _idle_draw_cntx _is_idle_drawing _is_saving _lastKey canvas manager _layout_engine _tight _path_effects _hatch_pattern "
    "__networkx_cache__ nodes adj edges degree succ pred in_edges out_edges _self_tracked_trackables _tracker _obj_reference_counts_dict "
    "_has_canonical_format _has_sorted_indices has_canonical_format has_sorted_indices "
    "_str _hash _pparts _cparts _cached_cparts _drv _root _parts _raw_paths _str_normcase_cached _parts_normcase_cached _tail_cached "
    "_cached_result _parents __annotations__ _mutable_warning _dirty_mem _remove_method _callbacks _agg_filter _transformed_path _blit".split()
)
CONSTANTS = (
    *(types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.CodeType, re.Pattern, re.Match, logging.Logger),
    *(weakref.ref, type(threading.Lock()), type(threading.RLock()), threading.Thread, weakref.WeakKeyDictionary, property),
)
ATOMS = (bool, int, float, complex, str, bytes, type(None), range, type(Ellipsis), type(NotImplemented), slice)
LIMIT = 200_000

sys.setrecursionlimit(max(sys.getrecursionlimit(), 8_000))


class TooLargeError(Exception):
    """The object has more parts than a sample should have."""


class Walk:
    """One pass over a value: `digest`, `parts` by identity, `arrays`."""

    def __init__(self, value: object) -> None:
        self.seen: dict[int, int] = {}
        self.kept: list[object] = []  # so that no identity is used twice
        self.parts: dict[int, object] = {}
        self.arrays: list[Any] = []
        self.digest = self._see(value)

    def _see(self, value: Any) -> bytes:
        kind = type(value)
        if isinstance(value, ATOMS):
            return _hash(kind.__name__, repr(value))
        if isinstance(value, CONSTANTS):
            return _hash("constant", getattr(value, "__qualname__", kind.__name__))
        if id(value) in self.seen:
            return _hash("again", str(self.seen[id(value)]))
        if len(self.seen) > LIMIT:
            raise TooLargeError(kind.__qualname__)
        self.seen[id(value)] = len(self.seen)
        self.kept.append(value)
        library = getattr(self, "_see_" + kind.__module__.partition(".")[0], None)
        described = library(value) if library is not None else None
        return described if described is not None else self._see_object(value)

    def _all(self, *values: Any) -> list[bytes]:
        return [self._see(each) for each in values]

    def _see_numpy(self, value: Any) -> bytes | None:
        import numpy as np

        if isinstance(value, np.generic | np.dtype | np.ufunc):
            return _hash("numpy", repr(value))
        if isinstance(value, np.flatiter):
            self.parts[id(value)] = value
            return _hash("flat", str(value.index), self._see(value.base))
        if isinstance(value, np.random.RandomState):
            if value is np.random.mtrand._rand:
                return _hash("constant", "global generator")
            self.parts[id(value)] = value
            return _hash("state", repr(value.get_state()))
        if isinstance(value, np.random.Generator | np.random.BitGenerator):
            self.parts[id(value)] = value
            return _hash("state", repr(getattr(value, "bit_generator", value).state))
        if isinstance(value, np.ndarray):
            self.parts[id(value)] = value
            self.arrays.append(value)
            shape = _hash("array", str(value.dtype), str(value.shape), str(value.flags.writeable))
            content = self._all(*value.ravel().tolist()) if value.dtype == object else [np.ascontiguousarray(value).tobytes()]
            return _hash(shape, *content, *(self._all(np.ma.getmaskarray(value)) if isinstance(value, np.ma.MaskedArray) else []))
        return None

    def _see_pandas(self, value: Any) -> bytes | None:
        import pandas as pd

        if isinstance(value, pd.DataFrame):
            self.parts[id(value)] = value
            self.arrays.extend(each for each in value._mgr.arrays if hasattr(each, "flags"))
            columns = [repr(value.iloc[:, at].tolist()) for at in range(value.shape[1])]
            return _hash("frame", _index(value.index), _index(value.columns), repr(list(value.dtypes)), *columns, repr(value.attrs))
        if isinstance(value, pd.Series):
            self.parts[id(value)] = value
            self.arrays.extend(each for each in value._mgr.arrays if hasattr(each, "flags"))
            return _hash("series", _index(value.index), repr((value.dtype, value.name, value.attrs)), repr(value.tolist()))
        if isinstance(value, pd.Index):
            if len(self.seen) == 1 and hasattr(value._values, "flags"):
                self.arrays.append(value._values)
            return _hash(_index(value))
        if isinstance(value, pd.api.extensions.ExtensionArray):
            self.parts[id(value)] = value
            return _hash("extension", str(value.dtype), repr(value.tolist()))
        return _hash(repr(value)) if isinstance(value, pd.Timestamp | pd.Timedelta | pd.Period | pd.Interval) else None

    def _see_random(self, value: Any) -> bytes | None:
        self.parts[id(value)] = value
        return _hash("state", repr(value.getstate()))

    def _see_xgboost(self, value: Any) -> bytes | None:
        if type(value).__name__ == "Booster":
            self.parts[id(value)] = value
            return _hash("booster", bytes(value.save_raw("json")), repr(sorted(value.attributes().items())))
        return None

    def _see_lightgbm(self, value: Any) -> bytes | None:
        if type(value).__name__ == "Booster":
            self.parts[id(value)] = value
            return _hash("booster", value.model_to_string())
        return None

    def _see_tensorflow(self, value: Any) -> bytes | None:
        if hasattr(value, "numpy"):
            if hasattr(value, "assign"):
                self.parts[id(value)] = value
            return _hash("tensor", str(value.dtype), str(value.shape), repr(value.numpy().tolist()))
        return None

    def _see_torch(self, value: Any) -> bytes | None:
        if hasattr(value, "detach"):
            self.parts[id(value)] = value
            self.arrays.append(value.detach().numpy())
            return _hash("tensor", repr(value.detach().tolist()), str(value.requires_grad), repr(getattr(value, "grad", None)))
        return None

    def _see_keras(self, value: Any) -> bytes | None:
        if hasattr(value, "assign") and hasattr(value, "numpy"):
            self.parts[id(value)] = value
            return _hash("variable", repr(value.numpy().tolist()))
        return None

    def _see_object(self, value: Any) -> bytes:
        kind = type(value)
        if isinstance(value, types.GeneratorType):
            self.parts[id(value)] = value
            frame = value.gi_frame
            return _hash("generator", "ended" if frame is None else str(frame.f_lasti))
        if isinstance(value, io.IOBase):
            self.parts[id(value)] = value
            text = value.getvalue() if hasattr(value, "getvalue") and not value.closed else ""
            return _hash("file", str(value.closed), repr(text), "" if value.closed or not value.seekable() else str(_position(value)))
        if isinstance(value, types.MethodType):
            return _hash("method", value.__func__.__qualname__, *self._all(value.__self__))
        if isinstance(value, functools.partial):
            self.parts[id(value)] = value
            return _hash("partial", *self._all(value.func, value.args, value.keywords))
        if not isinstance(value, tuple | frozenset):
            self.parts[id(value)] = value
        found = [_hash(kind.__module__, kind.__qualname__)]
        if isinstance(value, dict):
            ordered = value.items() if kind.__name__ == "OrderedDict" else dict.items(value)  # it keeps an order of its own
            found += [each for key, held in ordered for each in self._all(key, held)]
        elif isinstance(value, set | frozenset):
            found += sorted(self._all(*value))
        elif isinstance(value, list | tuple) or kind.__name__ == "deque":
            found += self._all(*value)
        elif isinstance(value, bytearray):
            found.append(bytes(value))
        return _hash(*found, *self._attributes(value))

    def _attributes(self, value: Any) -> list[bytes]:
        kind, found = type(value), []
        slots = [name for base in kind.__mro__ for name in _names(base.__dict__.get("__slots__", ())) if name not in CACHES]
        held = getattr(value, "__dict__", None)
        for name in slots:
            with contextlib.suppress(AttributeError):
                found += [_hash(name), self._see(object.__getattribute__(value, name))]
        for name, each in list((held or {}).items()):
            if name not in CACHES and not isinstance(getattr(kind, name, None), functools.cached_property):
                found += [_hash(str(name)), self._see(each)]
        if held is None and not slots and not isinstance(value, dict | set | frozenset | list | tuple | bytearray):
            with contextlib.suppress(Exception):  # what cannot be reduced has no state that could be compared
                found.append(self._see(value.__reduce_ex__(2)[1:]))
        return found


def _position(value: Any) -> object:
    try:
        return value.tell()
    except (OSError, ValueError):
        return "unknown"


def _index(index: Any) -> bytes:
    return _hash(type(index).__name__, repr(list(index.names)), str(getattr(index, "dtype", "")), repr(index.tolist()))


def _names(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _hash(*parts: str | bytes) -> bytes:
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(raw).to_bytes(8, "little"))
        made.update(raw)
    return made.digest()
