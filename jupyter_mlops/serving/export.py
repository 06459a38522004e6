"""A trained model → a folder that serves: a SavedModel with signatures and warm-up requests, or a scikit-learn model in skops.

What prepares the rows goes into the served model: a Keras layer or any function of tensors into the SavedModel's graph, a scikit-learn
transformer into a pipeline. Then there is no second implementation that could differ.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import need
from jupyter_mlops.serving.server.signature import TENSORFLOW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Exported(NamedTuple):
    """What was written; `signatures` are named as clients ask for them, `platform` as TF Serving does ("tensorflow", "sklearn")."""

    folder: Path
    platform: str
    signatures: tuple[str, ...]


def platform_of(model: Any) -> str:
    """Tell what a model is by its type's bases, importing nothing."""
    bases = {f"{each.__module__.partition('.')[0]}.{each.__name__}" for each in type(model).__mro__}
    if "sklearn.BaseEstimator" in bases:
        return "sklearn"
    if any(base.startswith("keras.") for base in bases):
        return "keras"
    if "tensorflow.Module" in bases or "tensorflow.AutoTrackable" in bases:
        return "module"
    raise TypeError(f"a `{type(model).__name__}` cannot be exported; expected a Keras model, a `tf.Module` or a scikit-learn estimator")


def export(model: Any, folder: Path, example: Any, *, preprocess: Any = None, classes: Sequence[str] = ()) -> Exported:
    """Write a model so that the local server, TF Serving and KServe can serve it.

    Parameters
    ----------
    model : Keras model, tf.Module with `__call__`, or scikit-learn estimator
        Trained.
    folder : Path
        Where to; made, and expected to be empty.
    example : frame, dict of columns, or array, shape (n, …)
        A few raw rows as clients will send them: they fix names, types and shapes, and become the warm-up requests.
    preprocess : callable, optional
        What the notebook does to raw rows before the model: a Keras layer, a function of tensors, or a scikit-learn transformer.
    classes : list of str
        Names of a classifier's classes in the order of its scores; with them, Keras models get a ``classify`` signature.

    Raises
    ------
    TypeError
        For a model of another kind.
    ValueError
        If there is no example row, or a preprocessing that cannot go with the model.
    """
    columns = columns_of(example)
    if not len(next(iter(columns.values()))):
        raise ValueError("`example` holds no row; a few raw rows are needed to fix names, types and shapes")
    folder.mkdir(parents=True, exist_ok=True)
    if platform_of(model) == "sklearn":
        return _export_sklearn(model, folder, example, columns, preprocess)
    from jupyter_mlops.serving.export_graph import export_graph

    names = export_graph(model, folder, columns, named=is_named(example), preprocess=preprocess, classes=classes)
    return Exported(folder, "tensorflow", names)


def is_named(example: Any) -> bool:
    """Whether rows have named columns (a frame, a dict) and are not one array."""
    return isinstance(example, dict) or hasattr(example, "columns")


def columns_of(example: Any) -> dict[str, Any]:
    """Give raw rows as arrays by input: what a client sends. Text is bytes, numbers are float32, float64 only where they were float64 columns."""
    import numpy

    if is_named(example):
        return {str(name): as_input(numpy.asarray(example[name])) for name in example}
    return {"inputs": as_input(numpy.asarray(example))}


def as_input(array: Any) -> Any:
    """Make an array of a type that a request can carry."""
    import numpy

    if array.dtype.kind in "OUST":
        flat: Any = numpy.empty(array.size, object)
        flat[:] = [value if isinstance(value, bytes) else str(value).encode() for value in array.reshape(-1).tolist()]
        return flat.reshape(array.shape)
    if array.dtype.kind == "f":
        return array.astype("float32")
    if array.dtype.kind in "iu":
        return array.astype("int64")
    if array.dtype.kind == "b":
        return array
    raise ValueError(f"a column of type {array.dtype} has no place in a request; expected numbers, truth values or text")


def as_instances(columns: dict[str, Any], rows: int) -> list[Any]:
    """Write the first rows as JSON `instances`."""
    import base64

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(item) for item in value]
        if not isinstance(value, bytes):
            return value
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"b64": base64.b64encode(value).decode()}

    lists = {name: plain(array[:rows].tolist()) for name, array in columns.items()}
    if len(lists) == 1:
        only: list[Any] = next(iter(lists.values()))
        return only
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def keep_example(folder: Path, columns: dict[str, Any]) -> None:
    """Put one request beside the model: the smoke request of every rollout."""
    extra = folder / "assets.extra"
    extra.mkdir(exist_ok=True)
    text = json.dumps({"instances": as_instances(columns, 2)}, indent=1)
    (extra / "smoke.json").write_text(text, encoding="utf-8")


def _export_sklearn(model: Any, folder: Path, example: Any, columns: dict[str, Any], preprocess: Any) -> Exported:
    from jupyter_mlops.serving.server.sklearn_model import MODEL, SIGNATURE, predict

    skops = need("skops.io", "sklearn")
    if preprocess is not None:
        if not hasattr(preprocess, "transform"):
            raise ValueError(
                "a function cannot be saved with a scikit-learn model; pass a transformer as `preprocess`, and it becomes a pipeline"
            )
        model = need("sklearn.pipeline", "sklearn").make_pipeline(preprocess, model)
    outputs = predict(model, example)
    described = {
        "columns": is_named(example),
        "inputs": {name: _describe(array) for name, array in columns.items()},
        "outputs": {name: _describe(array) for name, array in outputs.items()},
    }
    skops.dump(model, folder / MODEL)
    (folder / SIGNATURE).write_text(json.dumps(described, indent=1, sort_keys=True), encoding="utf-8")
    strangers = skops.get_untrusted_types(file=folder / MODEL)
    if strangers:
        raise ValueError(f"the model holds types that no server should load from a file: {', '.join(sorted(strangers))}")
    keep_example(folder, columns)
    return Exported(folder, "sklearn", ("serving_default",))


def _describe(array: Any) -> tuple[str, list[int]]:
    return TENSORFLOW[str(array.dtype)], [-1, *array.shape[1:]]
