"""Kept answers of one version and signature → one Arrow table: ids, time, latency, and a column for each input and output.

Columns: ``prediction_id`` (request id, "/", row), ``request_id``, ``row``, ``at``, ``model``, ``version``, ``signature``,
``latency_microseconds`` (of the whole request), then ``input.NAME`` and ``output.NAME``: plain values where a row has one, lists elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def to_table(kept: Sequence[Any], exclude: frozenset[str]) -> Any:
    """Make the table; `kept` are `prediction_log._Row`s of one version and signature."""
    import numpy
    import pyarrow

    sizes = [_row_count(each.answer) for each in kept]
    ids = [each.request_id for each, size in zip(kept, sizes, strict=True) for _ in range(size)]
    numbers = [number for size in sizes for number in range(size)]

    def repeat(value: Callable[[Any], Any]) -> Any:
        return numpy.repeat(numpy.array([value(each) for each in kept]), sizes)

    columns: dict[str, Any] = {
        "prediction_id": pyarrow.array([f"{name}/{number}" for name, number in zip(ids, numbers, strict=True)], pyarrow.string()),
        "request_id": pyarrow.array(ids, pyarrow.string()),
        "row": pyarrow.array(numbers, pyarrow.int32()),
        "at": pyarrow.array((repeat(lambda each: each.at) * 1e6).astype("int64"), pyarrow.timestamp("us", tz="UTC")),
        "model": pyarrow.array([kept[0].model] * len(ids), pyarrow.string()),
        "version": pyarrow.array(repeat(lambda each: each.version), pyarrow.int64()),
        "signature": pyarrow.array([kept[0].answer.signature] * len(ids), pyarrow.string()),
        "latency_microseconds": pyarrow.array(repeat(lambda each: each.microseconds), pyarrow.float64()),
    }
    columns |= _inputs(kept, sizes, exclude)
    for name in sorted(set(kept[0].answer.outputs) - exclude):
        columns[f"output.{name}"] = _column([each.answer.outputs[name] for each in kept], sizes)
    return pyarrow.table(columns)


def _inputs(kept: Sequence[Any], sizes: list[int], exclude: frozenset[str]) -> dict[str, Any]:
    if kept[0].answer.examples:
        return _features([data for each in kept for data in each.answer.inputs["inputs"]], exclude)
    names = sorted(set(kept[0].answer.inputs) - exclude)
    return {f"input.{name}": _column([each.answer.inputs[name] for each in kept], sizes) for name in names}


def _features(examples: list[bytes], exclude: frozenset[str]) -> dict[str, Any]:
    """Take examples apart, so that a column that must not be kept is not kept inside a blob."""
    import pyarrow
    from tensorflow.core.example import example_pb2

    rows = []
    for data in examples:
        features = example_pb2.Example.FromString(data).features.feature
        rows.append({name: _values(feature) for name, feature in features.items() if name not in exclude})
    columns = {}
    for name in sorted({name for row in rows for name in row}):
        values = [row.get(name, []) for row in rows]
        single = all(len(value) <= 1 for value in values)
        columns[f"input.{name}"] = pyarrow.array([value[0] if value else None for value in values] if single else values)
    return columns


def _values(feature: Any) -> list[Any]:
    which = feature.WhichOneof("kind")
    values = list(getattr(feature, which).value) if which else []
    return [value.decode(errors="replace") for value in values] if which == "bytes_list" else values


def _row_count(answer: Any) -> int:
    shapes = [array.shape for array in (*answer.outputs.values(), *answer.inputs.values()) if array.ndim]
    return shapes[0][0] if shapes else 1


def _column(arrays: list[Any], sizes: list[int]) -> Any:
    """Put the same tensor of several requests into one column; a tensor without a row for each row is repeated as a list."""
    import numpy
    import pyarrow

    fitting = [
        array if array.ndim and array.shape[0] == size else numpy.stack([array] * size) for array, size in zip(arrays, sizes, strict=True)
    ]
    if all(array.ndim == 1 for array in fitting):
        return _flat(numpy.concatenate(fitting))
    flat = _flat(numpy.concatenate([array.reshape(-1) for array in fitting]))
    widths = [width for array in fitting for width in [array[0].size if len(array) else 0] * len(array)]
    offsets = numpy.concatenate([[0], numpy.cumsum(widths)]).astype("int32")
    return pyarrow.ListArray.from_arrays(pyarrow.array(offsets), flat)


def _flat(values: Any) -> Any:
    import pyarrow

    if values.dtype != object:
        return pyarrow.array(values)
    return pyarrow.array([value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in values], pyarrow.string())
