"""A table of any kind (pandas, Polars, Arrow, a mapping of arrays) → its columns as arrays, and a digest of each row.

Nothing is imported to recognize a table: what it can do says what it is.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def names(data: Any) -> list[str]:
    """Give the names of a table's columns, in order.

    Raises
    ------
    TypeError
        For what is no table.
    """
    if isinstance(data, Mapping):
        return [str(name) for name in data]
    if hasattr(data, "column_names"):  # Arrow
        return list(data.column_names)
    if hasattr(data, "columns"):
        return [str(name) for name in data.columns]
    raise TypeError(f"`data` is a table (pandas, Polars, Arrow, a mapping of arrays), not `{type(data).__name__}`")


def column(data: Any, name: str) -> NDArray[Any]:
    """Give one column as an array, shape (rows,).

    Raises
    ------
    ValueError
        If there is no such column.
    """
    have = names(data)
    if name not in have:
        raise ValueError(f"`data` has no column `{name}`; it has {', '.join(f'`{each}`' for each in have[:20])}")
    found = data[name]
    return numpy.asarray(found.to_numpy() if hasattr(found, "to_numpy") else found)


def height(data: Any) -> int:
    """Count the rows."""
    have = names(data)
    return len(column(data, have[0])) if have else 0


def without(data: Any, dropped: Sequence[str]) -> Any:
    """Give the same kind of table without some columns."""
    kept = [name for name in names(data) if name not in set(dropped)]
    return only(data, kept)


def only(data: Any, kept: Sequence[str]) -> Any:
    """Give the same kind of table with the columns `kept`, in that order."""
    if isinstance(data, Mapping):
        return {name: data[name] for name in kept}
    return data.select(list(kept)) if hasattr(data, "select") and not hasattr(data, "iloc") else data[list(kept)]


def row_digests(data: Any, columns: Sequence[str] | None = None) -> NDArray[Any]:
    """Digest each row to 64 bits, the same for equal values whatever the table's kind or a number's type.

    Parameters
    ----------
    data : table
        Of n rows.
    columns : sequence of str, optional
        Which columns count, by name; their order does not. All of them unless said.

    Returns
    -------
    uint64 array, shape (n,)
        Keep it with a model to find its training rows again: it holds no value of the data.
    """
    chosen = sorted(names(data) if columns is None else columns)
    total: NDArray[Any] = numpy.zeros(height(data), dtype=numpy.uint64)
    for name in chosen:
        salt = numpy.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))
        total += _mixed(_words(column(data, name)) ^ salt)
    return _mixed(total)


def data_digest(digests: NDArray[Any]) -> str:
    """Digest a set of rows, whatever their order: the same rows shuffled are the same evidence."""
    sums = (len(digests), int(digests.sum(dtype=numpy.uint64)), int(numpy.bitwise_xor.reduce(digests)) if len(digests) else 0)
    return hashlib.sha256(repr(sums).encode()).hexdigest()[:32]


def array_digest(values: NDArray[Any]) -> str:
    """Digest an array's values in their order."""
    if values.dtype.kind == "O":
        values = _words(values)
    return hashlib.sha256(numpy.ascontiguousarray(values).view(numpy.uint8).data).hexdigest()[:32]


def _words(values: NDArray[Any]) -> NDArray[Any]:
    """Give each value 64 bits that equal values share."""
    if values.ndim > 1:
        return numpy.bitwise_xor.reduce(_mixed(_words(values.reshape(-1))).reshape(len(values), -1), axis=1)
    if values.dtype.kind in "biuf":
        numbers = values.astype(numpy.float64) + 0.0  # −0 becomes 0
        numbers[numpy.isnan(numbers)] = numpy.nan  # one NaN of the many
        return numbers.view(numpy.uint64)
    if values.dtype.kind in "mM":
        return values.astype(f"{values.dtype.kind}8[ns]").view(numpy.uint64)
    pandas = sys.modules.get("pandas")
    if pandas is not None:  # where it is loaded, it numbers a million texts ten times as fast
        codes, found = pandas.factorize(values, use_na_sentinel=False)
        each: NDArray[Any] = numpy.asarray([_word(value) for value in list(found)], dtype=numpy.uint64)
        return each[codes]
    known: dict[Any, int] = {}
    words = [known.get(value) or known.setdefault(value, _word(value)) for value in values.tolist()]
    return numpy.asarray(words, dtype=numpy.uint64)


def _word(value: object) -> int:
    text = "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN and NaT are missing, as None is
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _mixed(words: NDArray[Any]) -> NDArray[Any]:
    """Spread every bit over all 64 (the finalizer of MurmurHash3)."""
    mixed = words ^ (words >> numpy.uint64(33))
    mixed *= numpy.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> numpy.uint64(33)
    mixed *= numpy.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> numpy.uint64(33)
    return mixed
