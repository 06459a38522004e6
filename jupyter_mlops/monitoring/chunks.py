"""An Arrow array → numbers (float64) or counted categories, by the family of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.monitoring.categorical import CATEGORIES, Counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DTYPES = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8", "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "halffloat": "f2", "float": "f4", "double": "f8", "date32[day]": "i4",
}  # fmt: skip
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def family(type_: Any) -> str:
    """Name a type's family: "numeric", "time" (seconds since 1970), "categorical", or "" for what no distribution is kept of (lists, maps …)."""
    from pyarrow import types

    if types.is_dictionary(type_):
        return family(type_.value_type) and "categorical"
    if types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_) or types.is_duration(type_) or types.is_time(type_):
        return "numeric"
    if types.is_temporal(type_) and not types.is_interval(type_):
        return "time"
    if (
        types.is_boolean(type_)
        or types.is_string(type_)
        or types.is_large_string(type_)
        or types.is_string_view(type_)
        or types.is_null(type_)
    ):
        return "categorical"
    return ""


def numbers(chunks: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    """Give float64 values of each chunk, without its nulls, and how many nulls there were. Times are seconds."""
    for chunk in chunks:
        yield dense(chunk.drop_null() if chunk.null_count else chunk), chunk.null_count


def dense(array: Any) -> Any:
    """Give the float64 values of an Arrow array; a null's value is NaN. Time since 1970 in seconds."""
    from pyarrow import float64, int64, types

    kind = array.type
    if types.is_date64(kind) or (types.is_temporal(kind) and not types.is_date32(kind)):
        unit = "ms" if types.is_date64(kind) else kind.unit
        whole = array.cast("int32").cast(int64()) if types.is_time32(kind) else array.cast(int64())
        return dense(whole) / _PER_SECOND[unit]
    if str(kind) not in _DTYPES:
        array = array.cast(float64())
        kind = array.type
    dtype = numpy.dtype(_DTYPES[str(kind)])
    values = numpy.frombuffer(array.buffers()[1] or b"", dtype)[array.offset : array.offset + len(array)]
    values = values.astype(numpy.float64) if dtype != numpy.float64 else values
    if array.null_count:
        values = numpy.where(_valid(array), values, numpy.nan)
    return values * 86400.0 if types.is_date32(kind) else values


def categories(chunks: Iterable[Any], *, known: tuple[str, ...] = (), most: int = CATEGORIES) -> Iterator[Counted]:
    """Count the categories of each chunk."""
    for chunk in chunks:
        codes, names = codes_of(chunk)
        seen = codes[codes >= 0]
        counts = numpy.bincount(seen, minlength=len(names))
        yield _counted(counts, names, len(seen), len(codes) - len(seen), known, most)


def _counted(counts: Any, names: Any, values: int, nulls: int, known: tuple[str, ...], most: int) -> Counted:
    """Make a chunk's counts small: of many categories only those above the (8 · most)-th count become Python objects."""
    limit, taken = 8 * most, 0
    if len(counts) > limit:
        taken = int(numpy.partition(counts, len(counts) - limit - 1)[len(counts) - limit - 1])
    chosen = numpy.flatnonzero(counts > taken)
    listed = dict(zip(names.take(_arrow(chosen)).to_pylist(), (counts[chosen] - taken).tolist(), strict=True))
    if taken and known:
        listed |= _exactly(counts, names, known)
    return Counted(listed, taken, values, nulls)


def _exactly(counts: Any, names: Any, known: tuple[str, ...]) -> Mapping[str, int]:
    from pyarrow import array, compute

    places = compute.index_in(array(known, names.type), value_set=names).to_pylist()
    return {name: int(counts[place]) for name, place in zip(known, places, strict=True) if place is not None}


def codes_of(array: Any) -> tuple[Any, Any]:
    """Give each row's code (−1 for null) and the Arrow array of names that codes point into."""
    from pyarrow import compute, large_string, string, types

    kind = array.type
    if types.is_null(kind):
        return numpy.full(len(array), -1, numpy.int64), array.cast(string())
    if not types.is_dictionary(kind):
        array = array.cast(string()) if types.is_boolean(kind) or types.is_string_view(kind) else array
        array = array.dictionary_encode()
    names = array.dictionary
    if not (types.is_string(names.type) or types.is_large_string(names.type)):
        names = names.cast(large_string())
    indices = array.indices
    codes = numpy.frombuffer(indices.buffers()[1] or b"", _DTYPES[str(indices.type)])[indices.offset : indices.offset + len(indices)]
    if indices.null_count:
        codes = numpy.where(_valid(indices), codes, -1)
    if names.null_count:  # a null inside the dictionary
        missing = numpy.array(compute.is_null(names).to_pylist())
        codes = numpy.where((codes >= 0) & missing[codes], -1, codes)
    return codes, names


def _valid(array: Any) -> Any:
    from pyarrow import compute

    valid = compute.is_valid(array).cast("uint8")
    return numpy.frombuffer(valid.buffers()[1], numpy.bool_)[valid.offset : valid.offset + len(valid)]


def _arrow(indices: Any) -> Any:
    """Wrap an int64 array; `pyarrow.array(ndarray)` and `pyarrow.scalar` would import pandas."""
    from pyarrow import Array, int64, py_buffer

    return Array.from_buffers(int64(), len(indices), [None, py_buffer(numpy.ascontiguousarray(indices, numpy.int64))])
