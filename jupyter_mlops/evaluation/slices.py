"""Columns → slices of the held-out rows, each with the rows' positions in order of time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import columns
from jupyter_mlops.evaluation.fairness import coded

if TYPE_CHECKING:
    from numpy.typing import NDArray

REQUIREMENTS = ("non_inferior", "no_harm", "report_only")
MANY = 20
"""A numeric column with more values than this is cut at its quartiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slicing:
    """Which columns to cut by (a tuple is a cross), what a slice must show, and from how many rows on.

    ``non_inferior``: every slice is shown not to be worse by more than the margin. ``no_harm``: no slice is shown to be worse by more.
    """

    by: tuple[tuple[str, ...], ...] = ()
    require: str = "non_inferior"
    least: int = 200
    margin: Any = None


def read(given: Any) -> Slicing:
    """Read ``["country"]``, ``[("country", "device")]`` or ``{"by": …, "min_n": 200, "margin": 0.02, "require": "no_harm"}``.

    Raises
    ------
    ValueError
        For an unknown key or requirement.
    """
    if given is None:
        return Slicing()
    options = dict(given) if isinstance(given, Mapping) else {"by": given}
    unknown = sorted(set(options) - {"by", "require", "min_n", "margin"})
    if unknown:
        raise ValueError(f"`slices` has no `{unknown[0]}`; it has `by`, `min_n`, `margin`, `require`")
    by = options.get("by", ())
    parts = (by,) if isinstance(by, str) else tuple(by)
    require = options.get("require", "non_inferior")
    if require not in REQUIREMENTS:
        raise ValueError(f"`require` is one of {', '.join(f'`{each}`' for each in REQUIREMENTS)}, not `{require}`")
    return Slicing(
        by=tuple((part,) if isinstance(part, str) else tuple(part) for part in parts),
        require=require,
        least=int(options.get("min_n", 200)),
        margin=options.get("margin"),
    )


def cut(data: Any, by: Sequence[str]) -> list[tuple[str, NDArray[Any]]]:
    """Give the slices of one column, or of a cross of columns: title and row positions, by title."""
    labels, codes = _labelled(columns.column(data, by[0]))
    for name in by[1:]:
        more, other = _labelled(columns.column(data, name))
        labels, codes = [f"{first} · {second}" for first in labels for second in more], codes * len(more) + other
    rows = numpy.argsort(codes, kind="stable")
    ends = numpy.cumsum(numpy.bincount(codes, minlength=len(labels)))
    parts = numpy.split(rows, ends[:-1])
    title = " · ".join(by)
    return [(f"{title} = {label}", part) for label, part in zip(labels, parts, strict=True) if len(part)]


def _labelled(values: NDArray[Any]) -> tuple[list[str], NDArray[Any]]:
    if values.dtype.kind in "iuf":
        distinct = numpy.unique(values[~numpy.isnan(values)] if values.dtype.kind == "f" else values)
        if len(distinct) > MANY:
            return _quartiles(values.astype(float))
    return coded(values)


def _quartiles(values: NDArray[Any]) -> tuple[list[str], NDArray[Any]]:
    edges = numpy.unique(numpy.nanquantile(values, (0.25, 0.5, 0.75)))
    codes = numpy.where(numpy.isnan(values), len(edges) + 1, numpy.searchsorted(edges, values, side="left"))
    shown = [f"{edge:.4g}" for edge in edges]
    middle = [f"({low}, {high}]" for low, high in itertools.pairwise(shown)]
    return [f"≤ {shown[0]}", *middle, f"> {shown[-1]}", "(missing)"], codes
