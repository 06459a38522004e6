"""A long chunk of values → counts at given edges, without sorting it whole: only values that share a bucket with an edge are sorted."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.bucketed import BUCKETS, Grid, Side, all_whole, buckets, ends_of, place
from jupyter_mlops.monitoring.numeric import NumericSketch, count_sorted

LEAST = 50_000
"""Values below which sorting is as fast."""


def count(values: Any, edges: Any, *, nulls: int = 0, type: str = "double") -> NumericSketch:  # noqa: A002 - Arrow's own word for it
    """Count one chunk at edges, as `count_sorted` does with a sorted one.

    Parameters
    ----------
    values : float64 array, shape (n,)
        In any order; NaN are missing values.
    edges : float64 array, shape (k,)
        Ascending, finite, without repetition.
    nulls : int
        Rows without a value that are not in `values`.
    type : str
        The column's Arrow type.
    """
    inner = edges[[len(edges) // 200, -1 - len(edges) // 200]] if len(edges) else numpy.zeros(2)
    if len(values) < LEAST or not 0 < inner[1] - inner[0] < numpy.inf:
        return count_sorted(numpy.sort(values), edges, nulls=nulls, type=type)
    missing = numpy.isnan(values)
    if missing.any():
        nulls += int(missing.sum())
        values = values[~missing]
    single = edges[-1] - edges[0] < BUCKETS and all_whole(edges) and all_whole(values)
    grid = Grid(float(edges[0]), 1.0) if single else Grid(float(inner[0]), BUCKETS / float(inner[1] - inner[0]))
    side = buckets(values, grid)
    places: Any = numpy.empty(2 * len(edges) + 2, numpy.int64)
    places[0], places[-1] = 0, len(values)
    where = place(edges, grid)
    if single:  # a bucket holds one whole number, the outermost ones apart, where no edge is
        places[1:-1:2], places[2:-1:2] = side.before[where], side.before[where] + side.counts[where]
    else:
        places[1:-1:2], places[2:-1:2] = _beside_edges(side, edges, where)
    return NumericSketch(edges, numpy.diff(places), nulls, *ends_of(values), type)


def _beside_edges(side: Side, edges: Any, where: Any) -> tuple[Any, Any]:
    """Give how many values are below, and not above, each edge."""
    wanted: Any = numpy.zeros(BUCKETS + 2, bool)
    wanted[where] = True
    picked = numpy.sort(side.values[wanted[side.places]])
    left_out = numpy.cumsum(numpy.where(wanted, 0, side.counts))[where]  # values in buckets before an edge's own that were not picked
    return left_out + numpy.searchsorted(picked, edges, "left"), left_out + numpy.searchsorted(picked, edges, "right")
