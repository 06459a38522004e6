"""Chunks of a numeric column → counts at fixed edges, which add up over chunks, files, days and machines.

Between two edges nothing is known but how many values lie there; at an edge, how many equal it. So a column of few distinct values, or a small
sample, is kept exactly, and a distance of distribution functions has certified bounds for every other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EDGES = 512
"""How many edges a profile keeps for each column."""

FEWER = 131_072
"""How many values quantiles of a long column are taken from."""


@dataclass(frozen=True)
class NumericSketch:
    """What is kept of a numeric column.

    Attributes
    ----------
    edges : float64 array, shape (k,)
        Ascending, without repetition: quantiles of the reference, or all its distinct values where they are few.
    cells : int64 array, shape (2k + 1,)
        Counts: below the first edge, equal to it, between it and the second, …, above the last.
    nulls, negative_infinities, positive_infinities : int
        Missing values (null or NaN); infinities, which the outermost cells count too.
    minimum, maximum : float
        Of the finite values; NaN where there is none.
    type : str
        The column's Arrow type.
    """

    edges: Any
    cells: Any
    nulls: int = 0
    negative_infinities: int = 0
    positive_infinities: int = 0
    minimum: float = math.nan
    maximum: float = math.nan
    type: str = "double"

    family = "numeric"

    @property
    def values(self) -> int:
        """Rows that have a value."""
        return int(self.cells.sum())

    @property
    def rows(self) -> int:
        """All rows."""
        return self.values + self.nulls

    @property
    def infinities(self) -> int:
        """Rows with an infinite value."""
        return self.negative_infinities + self.positive_infinities

    @property
    def exact(self) -> bool:
        """Whether every value lies on an edge, so that nothing of the sample was lost but its order."""
        return not self.cells[::2].any()

    @property
    def constant(self) -> bool:
        """Whether all values are the same one."""
        return self.values > 0 and not self.infinities and self.minimum == self.maximum

    def merge(self, other: NumericSketch) -> NumericSketch:
        """Add the counts of another part of the data.

        Raises
        ------
        ValueError
            If both were counted at different edges and at least one is not exact.
        """
        first, second = self, other
        if not numpy.array_equal(first.edges, second.edges):
            if not (first.exact and second.exact):
                raise ValueError("two profiles add up only when counted at the same edges; make the second with `like=` the first")
            edges = numpy.union1d(first.edges, second.edges)
            first, second = first.at(edges), second.at(edges)
        return NumericSketch(
            first.edges,
            first.cells + second.cells,
            first.nulls + second.nulls,
            first.negative_infinities + second.negative_infinities,
            first.positive_infinities + second.positive_infinities,
            float(numpy.fmin(first.minimum, second.minimum)),
            float(numpy.fmax(first.maximum, second.maximum)),
            first.type,
        )

    def at(self, edges: Any) -> NumericSketch:
        """Count the same values at more edges; all present edges are among them, and the sketch is exact."""
        cells: Any = numpy.zeros(2 * len(edges) + 1, numpy.int64)
        cells[2 * numpy.searchsorted(edges, self.edges) + 1] = self.cells[1::2]
        rest = (self.nulls, self.negative_infinities, self.positive_infinities, self.minimum, self.maximum, self.type)
        return NumericSketch(edges, cells, *rest)


def count_sorted(ordered: Any, edges: Any, *, nulls: int = 0, type: str = "double") -> NumericSketch:  # noqa: A002 - Arrow's own word for it
    """Count one sorted chunk at edges: binary searches of the edges in the chunk, so sorting is all it costs.

    Parameters
    ----------
    ordered : float64 array, shape (n,)
        Ascending; NaN stand last, as `numpy.sort` puts them.
    edges : float64 array, shape (k,)
        Ascending, finite, without repetition.
    nulls : int
        Rows without a value that are not in `ordered`.
    type : str
        The column's Arrow type.
    """
    first = int(numpy.searchsorted(ordered, -math.inf, "right"))
    last = int(numpy.searchsorted(ordered, math.inf, "left"))
    stop = int(numpy.searchsorted(ordered, math.inf, "right"))
    places: Any = numpy.empty(2 * len(edges) + 2, numpy.int64)
    places[0], places[-1] = 0, stop
    places[1:-1:2] = numpy.searchsorted(ordered[:stop], edges, "left")
    places[2:-1:2] = numpy.searchsorted(ordered[:stop], edges, "right")
    low, high = (float(ordered[first]), float(ordered[last - 1])) if first < last else (math.nan, math.nan)
    return NumericSketch(edges, numpy.diff(places), nulls + len(ordered) - stop, first, stop - last, low, high, type)


def edges_of_sorted(ordered: Any, most: int = EDGES) -> Any:
    """Choose edges: all distinct finite values where there are at most `most`, else `most` quantiles.

    Values that repeat often are quantiles several times; the edges that this saves go to the rest, so that an edge stands on each heavy value.
    """
    first, last = int(numpy.searchsorted(ordered, -math.inf, "right")), int(numpy.searchsorted(ordered, math.inf, "left"))
    finite = ordered[first:last]
    if not len(finite):
        return numpy.empty(0)
    steps = most
    while True:
        picks = finite[numpy.linspace(0, len(finite) - 1, min(steps, len(finite))).round().astype(numpy.int64)]
        edges = picks[numpy.concatenate([[True], picks[1:] != picks[:-1]])]
        if steps >= len(finite) or len(edges) > most // 2 or steps >= 64 * most:
            break
        steps *= 4
    if (steps > most and len(finite) <= 64 * most) or len(edges) <= most // 2:
        distinct = finite[numpy.concatenate([[True], finite[1:] != finite[:-1]])]
        if len(distinct) <= most:
            return distinct
    return edges if len(edges) <= most else edges[numpy.linspace(0, len(edges) - 1, most).round().astype(numpy.int64)]


def sketch_numeric(
    chunks: Iterable[tuple[Any, int]],
    type: str,  # noqa: A002 - Arrow's own word for it
    *,
    edges: Any = None,
    most: int = EDGES,
    sample: int = 1_000_000,
) -> NumericSketch:
    """Count a column in one pass with bounded memory.

    Parameters
    ----------
    chunks : iterable of (float64 array of shape (n,), int)
        Values and how many rows of the chunk have none. The first chunks should come from all over the data (`sources`).
    type : str
        The column's Arrow type.
    edges : float64 array or None
        The reference's edges; by default they are taken from the first `sample` values.
    most : int
        How many edges to choose.
    sample : int
        How many values to hold at most before choosing edges.
    """
    from jupyter_mlops.monitoring.counting import count

    rest: Iterator[tuple[Any, int]] = iter(chunks)
    held, nulls, total = [], 0, 0
    if edges is None:
        for values, missing in rest:
            held.append(values)
            nulls, total = nulls + missing, total + len(values)
            if total >= sample:
                break
        values = numpy.concatenate(held) if held else numpy.empty(0)
        held.clear()
        edges = edges_of_sorted(numpy.sort(values[:: len(values) // FEWER]), most) if len(values) >= 4 * FEWER else ()
        if len(edges) < most:  # few distinct values, of which some may not be among those looked at
            values.sort()
            edges = edges_of_sorted(values, most)
            result = count_sorted(values, edges, nulls=nulls, type=type)
        else:
            result = count(values, edges, nulls=nulls, type=type)
        del values
    else:
        result = count_sorted(numpy.empty(0), edges, type=type)
    for values, missing in rest:
        result = result.merge(count(values, edges, nulls=missing, type=type))
    return result
