"""Which file of this package saves which library's objects, and which one reads which encoding.

A handler is a module with ``save(value, path) -> encoding`` (or None where the value cannot be kept exactly: it has then written nothing)
and ``load(encoding, path)``; `path` has no suffix.
It imports its library inside these functions.
Handlers are looked up by the top module of the object's classes, all of which are loaded when there is an object.
"""

from __future__ import annotations

import importlib
import os

from ..spec import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The compiler reads these tables too: it packs the handlers of the modules that a notebook imports, and only their rows.
HANDLERS = {
    "builtins": ("plain",),
    "numpy": ("arrays", "plain"),
    "pandas": ("frames",),
    "pyarrow": ("tables",),
    "polars": ("tables",),
    "sklearn": ("estimators",),
    "xgboost": ("boosters", "estimators"),
    "lightgbm": ("boosters", "estimators"),
    "keras": ("keras_models",),
    "tensorflow": ("tensors", "keras_models"),
    "torch": ("torch_objects",),
    "plotly": ("charts",),
}
ENCODINGS = {
    "plain": ("json", "text", "bytes"),
    "arrays": ("npy",),
    "frames": ("arrow-frame", "arrow-series", "arrow-index"),
    "tables": ("arrow", "polars-frame", "polars-series"),
    "estimators": ("skops",),
    "boosters": ("xgboost-ubj", "lightgbm-text"),
    "keras_models": ("keras",),
    "tensors": ("savedmodel", "tensorflow-tensor", "tensorflow-variable"),
    "torch_objects": ("torch-weights", "torch"),
    "charts": ("plotly-json",),
    "sealed": ("pickle", "joint"),
}
JOINT = "+joint"  # the file of several values; no Python name
SEALED = ("pickle", "joint", "torch")  # reading these can run code: only under a digest


def handlers(value: object) -> Any:
    """Yield the handlers that may save a value: those of its most derived class first, the sealed pickle last."""
    names = [name for base in type(value).__mro__[:-1] for name in HANDLERS.get(base.__module__.partition(".")[0], ())]
    return map(handler, dict.fromkeys([*names, "sealed"]))


def handler(name: str) -> Any:
    """Import a handler."""
    return importlib.import_module("." + name, __name__)


def of_encoding(encoding: str) -> Any:
    """Give the handler of an encoding, or fail with NB802."""
    for name, encodings in ENCODINGS.items():
        if encoding in encodings:
            return handler(name)
    raise Failure("NB802", f"nothing packed into this step reads or writes the encoding `{encoding}`")


def title(value: Any, path: str) -> str:
    """Name a value and its type, for people; the values of a joint pickle are a dict."""
    name = os.path.basename(path)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    return "`" + "`, `".join(value) + "`, which share parts," if name == JOINT else f"`{name}` ({kind})"
