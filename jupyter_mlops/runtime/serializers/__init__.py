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
    from typing import Any, Optional

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
LOADERS = {
    "json": "plain",
    "text": "plain",
    "bytes": "plain",
    "npy": "arrays",
    "arrow-frame": "frames",
    "arrow-series": "frames",
    "arrow-index": "frames",
    "arrow": "tables",
    "polars-frame": "tables",
    "polars-series": "tables",
    "skops": "estimators",
    "xgboost-ubj": "boosters",
    "lightgbm-text": "boosters",
    "keras": "keras_models",
    "savedmodel": "tensors",
    "tensorflow-tensor": "tensors",
    "tensorflow-variable": "tensors",
    "torch-weights": "torch_objects",
    "torch": "torch_objects",
    "plotly-json": "charts",
    "pickle": "sealed",
    "joint": "sealed",
}
SEALED = ("pickle", "joint", "torch")  # reading these can run code: only under a digest


def handlers(value: object, wanted: Optional[str] = None) -> Any:
    """Yield the handlers that may save a value, those of its most derived class first; with `wanted` the one of that encoding."""
    names = [name for base in type(value).__mro__[:-1] for name in HANDLERS.get(base.__module__.partition(".")[0], ())]
    if wanted:
        names = [LOADERS[wanted]] if wanted in LOADERS and wanted != "pickle" else []
    yield from map(handler, dict.fromkeys(names))


def handler(name: str) -> Any:
    """Import a handler."""
    return importlib.import_module(__name__ + "." + name)


def load(encoding: str, path: str) -> Any:
    """Read a value, or fail with NB802."""
    try:
        return handler(LOADERS[encoding]).load(encoding, path)
    except (ImportError, KeyError) as error:
        raise Failure("NB802", f"`{os.path.basename(path)}` is encoded as `{encoding}`, which cannot be read here: {error}") from None
