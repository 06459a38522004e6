"""Which file of this package saves which library's objects, and which one reads which encoding.

A handler is a module with ``save(value, path) -> encoding`` (or None where the value cannot be kept exactly: it has then written nothing)
and ``load(encoding, path)``; `path` has no suffix.
It imports its library inside these functions.
Handlers are looked up by the top module of the object's classes, all of which are loaded when there is an object.
"""

from __future__ import annotations

import importlib

from ..spec import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Each handler's libraries and encodings. The compiler reads this table too, and packs only the rows of the handlers that travel.
HANDLERS = {
    "arrays": ("numpy", "npy"),
    "plain": ("builtins numpy", "json text bytes"),
    "frames": ("pandas", "arrow-frame arrow-series arrow-index"),
    "tables": ("pyarrow polars", "arrow polars-frame polars-series"),
    "boosters": ("xgboost lightgbm", "xgboost-ubj lightgbm-text"),
    "estimators": ("sklearn xgboost lightgbm", "skops"),
    "tensors": ("tensorflow", "tensorflow-tensor tensorflow-variable savedmodel"),
    "keras_models": ("keras tensorflow", "keras"),
    "torch_objects": ("torch", "torch-weights torch"),
    "charts": ("plotly", "plotly-json"),
    "sealed": ("", "pickle joint"),
}
JOINT = "+joint"  # the file of several values; no Python name
SEALED = ("pickle", "joint", "torch")  # what a notebook can forbid
CODE = (*SEALED, "keras", "skops", "savedmodel")  # reading these can run code: only under a digest


def handlers(value: object, only: Any = None) -> Any:
    """Yield the handlers that may save a value: those of its most derived class first, the sealed pickle last."""
    modules = [base.__module__.partition(".")[0] for base in type(value).__mro__[:-1]]
    names = [name for module in modules for name, (known, _) in HANDLERS.items() if module in known.split() and (not only or name in only)]
    return map(handler, dict.fromkeys([*names, "sealed"]))


def handler(name: str) -> Any:
    """Import a handler."""
    return importlib.import_module("." + name, __name__)


def of_encoding(encoding: str) -> Any:
    """Give the handler of an encoding, or fail with NB802."""
    for name, (_, encodings) in HANDLERS.items():
        if encoding in encodings.split():
            return handler(name)
    raise Failure("NB802", f"nothing in this step reads or writes the encoding `{encoding}`")


def title(value: Any, path: str) -> str:
    """Name a value and its type, for people; the values of a joint pickle are a dict."""
    name = path.rpartition("/")[2]
    kind = type(value)
    return "`" + "`, `".join(value) + "`, which share parts," if name == JOINT else f"`{name}` ({kind.__module__}.{kind.__qualname__})"
