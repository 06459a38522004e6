"""A table → a profile: one small sketch for each column, which adds up, is kept with the model, and stands for the training data from then on."""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.monitoring.categorical import CATEGORIES, CategoricalSketch, sketch_categorical
from jupyter_mlops.monitoring.chunks import categories, family, numbers
from jupyter_mlops.monitoring.numeric import EDGES, NumericSketch, sketch_numeric
from jupyter_mlops.monitoring.sources import Source, open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT = "jupyter-mlops.profile/1"


@dataclass(frozen=True)
class UnseenSketch:
    """What is kept of a column whose values have no distribution of ours (lists, maps, bytes): how many there are."""

    values: int
    nulls: int
    type: str

    family = ""
    constant = False
    exact = True

    @property
    def rows(self) -> int:
        """All rows."""
        return self.values + self.nulls

    def merge(self, other: UnseenSketch) -> UnseenSketch:
        """Add the counts of another part of the data."""
        return UnseenSketch(self.values + other.values, self.nulls + other.nulls, self.type)


Sketch = NumericSketch | CategoricalSketch | UnseenSketch


@dataclass(frozen=True)
class Profile:
    """Sketches by column, in the table's order, and the number of rows."""

    columns: Mapping[str, Sketch]
    rows: int

    def merge(self, other: Profile) -> Profile:
        """Add the profile of another part of the data: a day, a file, a replica of the server.

        Raises
        ------
        ValueError
            If the parts have different columns, a column is of another family, or they were counted at different edges (make one with
            ``like=`` the other).
        """
        if set(self.columns) != set(other.columns):
            only = ", ".join(f"`{name}`" for name in sorted(set(self.columns) ^ set(other.columns))[:5])
            raise ValueError(f"two profiles add up only when they have the same columns; in one of them only: {only}")
        merged: dict[str, Sketch] = {}
        for name, sketch in self.columns.items():
            second = other.columns[name]
            if sketch.family != second.family:
                raise ValueError(
                    f"column `{name}` is {sketch.family or 'nested'} in one profile and {second.family or 'nested'} in the other"
                )
            try:
                merged[name] = sketch.merge(second)  # type: ignore[arg-type]
            except ValueError as error:
                raise ValueError(f"column `{name}`: {error}") from None
        return Profile(merged, self.rows + other.rows)

    def save(self, path: str | Path) -> Path:
        """Write it as JSON, at once; 50 columns take at most 656 kB, whatever the number of rows."""
        target = Path(path)
        partial = target.with_name(target.name + ".partial")
        partial.write_text(json.dumps(self.as_json(), separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
        return partial.replace(target)

    @classmethod
    def load(cls, path: str | Path) -> Profile:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            If the file is no profile, or one of a later format.
        """
        try:
            return cls.from_json(json.loads(Path(path).read_text(encoding="utf-8")))
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, zlib.error) as error:
            raise ValueError(f"`{Path(path).name}` is no profile: {type(error).__name__}; expected what `Profile.save` wrote") from None

    def as_json(self) -> dict[str, Any]:
        """Give JSON values; the same data gives the same."""
        return {"format": FORMAT, "rows": self.rows, "columns": {name: _encode(sketch) for name, sketch in self.columns.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Profile:
        """Take what `as_json` gave."""
        if document.get("format") != FORMAT:
            raise ValueError(f"a profile of format `{document.get('format')}` was found, `{FORMAT}` was expected")
        return cls({name: _decode(sketch) for name, sketch in document["columns"].items()}, int(document["rows"]))

    def __repr__(self) -> str:
        return f"profile of {self.rows:,} rows × {len(self.columns)} columns"


def profile(
    data: Any, *, columns: Iterable[str] | None = None, like: Profile | None = None, edges: int = EDGES, categories: int = CATEGORIES
) -> Profile:
    """Keep what monitoring needs of a table, in one pass and bounded memory.

    Parameters
    ----------
    data : frame, path, pattern, list of paths or Arrow dataset
        pandas, polars or Arrow in memory; Parquet (also larger than memory) or any Arrow dataset.
    columns : iterable of str or None
        Which columns; by default all.
    like : Profile or None
        The reference: its edges and categories are counted, so that the two can be compared, and parts can be merged.
    edges, categories : int
        How many to keep for each column.

    Returns
    -------
    Profile
        At most 656 kB for 50 columns when saved.

    Raises
    ------
    TypeError
        If `data` is none of these.
    ValueError
        If it has no columns, or not those asked for.

    Examples
    --------
    >>> import pyarrow
    >>> profile(pyarrow.table({"age": [31, 45, None]})).columns["age"].nulls
    1
    """
    source = open_source(data)
    chosen = list(source.types) if columns is None else list(columns)
    unknown = [name for name in chosen if name not in source.types]
    if unknown:
        raise ValueError(f"there is no column `{unknown[0]}`; the columns are {', '.join(f'`{name}`' for name in list(source.types)[:20])}")
    known = like.columns if like is not None else {}
    return Profile({name: sketch_column(source, name, known.get(name), edges, categories) for name in chosen}, source.rows)


def sketch_column(source: Source, name: str, like: Sketch | None = None, edges: int = EDGES, most: int = CATEGORIES) -> Sketch:
    """Sketch one column, at the edges or with the categories of `like` where that is of the same family."""
    kind = source.types[name]
    group = family(kind)
    if group in {"numeric", "time"}:
        known = like.edges if isinstance(like, NumericSketch) else None
        return sketch_numeric(numbers(source.chunks(name)), str(kind), edges=known, most=edges)
    if not group:
        parts = [(len(chunk) - chunk.null_count, chunk.null_count) for chunk in source.chunks(name)]
        return UnseenSketch(sum(part[0] for part in parts), sum(part[1] for part in parts), str(kind))
    if isinstance(like, CategoricalSketch):
        return sketch_categorical(categories(source.chunks(name), known=tuple(like.counts)), str(kind), known=tuple(like.counts), most=most)
    first = sketch_categorical(categories(source.chunks(name)), str(kind), most=most)
    if not first.slack:
        return first
    kept = tuple(first.counts)  # more categories than are kept: those kept are counted again, now exactly
    again = sketch_categorical(categories(source.chunks(name), known=kept), str(kind), known=kept, most=0)
    return replace(again, known=(), unlisted=first.unlisted, slack=0)


def _encode(sketch: Sketch) -> dict[str, Any]:
    if isinstance(sketch, NumericSketch):
        ends = [value if math.isfinite(value) else None for value in (sketch.minimum, sketch.maximum)]
        infinities = [sketch.negative_infinities, sketch.positive_infinities]
        arrays = {"edges": _pack(sketch.edges, "<f8"), "cells": _pack(sketch.cells, "<i8")}
        return {"family": "numeric", "type": sketch.type, "nulls": sketch.nulls, "infinities": infinities, "range": ends, **arrays}
    if isinstance(sketch, CategoricalSketch):
        numbers_ = {"nulls": sketch.nulls, "other": sketch.other, "unlisted": sketch.unlisted, "slack": sketch.slack}
        return {"family": "categorical", "type": sketch.type, **numbers_, "counts": dict(sketch.counts)}
    return {"family": "", "type": sketch.type, "nulls": sketch.nulls, "values": sketch.values}


def _decode(document: Mapping[str, Any]) -> Sketch:
    kind, nulls = str(document["type"]), int(document["nulls"])
    if document["family"] == "numeric":
        low, high = (math.nan if value is None else float(value) for value in document["range"])
        edges, cells = _unpack(document["edges"], "<f8"), _unpack(document["cells"], "<i8")
        if len(cells) != 2 * len(edges) + 1:
            raise ValueError(f"a profile with {len(edges)} edges needs {2 * len(edges) + 1} counts, found {len(cells)}")
        negative, positive = (int(count) for count in document["infinities"])
        return NumericSketch(edges, cells, nulls, negative, positive, low, high, kind)
    if document["family"] == "categorical":
        rest = (int(document["other"]), int(document["unlisted"]), int(document["slack"]))
        return CategoricalSketch({str(name): int(count) for name, count in document["counts"].items()}, *rest, nulls, kind)
    return UnseenSketch(int(document["values"]), nulls, kind)


def _pack(array: Any, dtype: str) -> str:
    return base64.b64encode(zlib.compress(numpy.ascontiguousarray(array, dtype).tobytes(), 6)).decode()


def _unpack(text: str, dtype: str) -> Any:
    return numpy.frombuffer(zlib.decompress(base64.b64decode(text)), dtype).copy()
