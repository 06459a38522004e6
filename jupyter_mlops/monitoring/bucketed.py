"""Two long columns → their sketches and the exact Kolmogorov-Smirnov distance without sorting them whole.

Values go into 16,384 equal-width buckets by one multiplication, which keeps order; only buckets that can hold the largest distance are sorted.
Edges are the beginnings of buckets. On processors whose AVX-512 sort is slow (Zen 4: 55 ns a value) this is several times faster than sorting.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy

from jupyter_mlops.monitoring.numeric import EDGES, NumericSketch, edges_of_sorted

BUCKETS = 16384
SAMPLE = 65536
BLOCK = 65536
LEAST = 100_000
"""Rows below which sorting is as fast."""


class Side(NamedTuple):
    """One column: values without NaN, each one's bucket, how many lie in each bucket and before it."""

    values: Any
    places: Any
    counts: Any
    before: Any


class Grid(NamedTuple):
    """Where the first inner bucket starts, and buckets for each unit."""

    start: float
    scale: float


def sketch_both(
    first: Any, second: Any, missing: tuple[int, int], types: tuple[str, str]
) -> tuple[NumericSketch, NumericSketch, float] | None:
    """Give both sketches and D; None where the first column has few distinct values, or infinitely wide ones.

    Parameters
    ----------
    first, second : float64 array, shape (n,) and (m,)
        Values, NaN for missing ones.
    missing : tuple of two ints
        Nulls that are not in the arrays.
    types : tuple of two str
        Arrow types.
    """
    sizes = [len(first), len(second)]
    first, second = (side[~numpy.isnan(side)] if numpy.isnan(side).any() else side for side in (first, second))
    nulls = [absent + size - len(side) for absent, size, side in zip(missing, sizes, (first, second), strict=True)]
    sample = numpy.sort(first[:: max(1, len(first) // SAMPLE)])
    edges = edges_of_sorted(sample)
    low_end, high_end = sample[[len(sample) // 200, -1 - len(sample) // 200]] if len(sample) else (0.0, 0.0)
    if len(edges) < EDGES or not len(second) or not numpy.isfinite(high_end - low_end) or high_end <= low_end:
        return None  # few distinct values sort fast, and deserve an edge each
    grid = Grid(float(low_end), BUCKETS / float(high_end - low_end))
    single = all_whole(sample) and sample[-1] - sample[0] < BUCKETS and all_whole(first) and all_whole(second)
    if single:
        grid = Grid(float(sample[0]), 1.0)
    sides = [buckets(values, grid) for values in (first, second)]
    n, m = len(first), len(second)
    start = sides[0].before / n - sides[1].before / m
    up, down = sides[0].counts / n, sides[1].counts / m
    low = float(numpy.abs(start).max())
    reach = numpy.where((up > 0) & (down > 0), numpy.maximum(numpy.abs(start + up), numpy.abs(start - down)), 0.0)
    if single:
        reach[1:-1] = 0.0  # a bucket of one value holds no path: its ends are all there is
    suspects = numpy.flatnonzero(reach > low)
    wanted: Any = numpy.zeros(BUCKETS + 2, bool)
    wanted[suspects] = True
    picked = [numpy.sort(side.values[wanted[side.places]]) for side in sides]
    offsets = [numpy.concatenate([[0], numpy.cumsum(numpy.where(wanted, side.counts, 0))[:-1]]) for side in sides]
    for bucket in suspects[numpy.argsort(-reach[suspects], kind="stable")]:
        if reach[bucket] <= low:
            break
        a, b = (
            part[offset[bucket] : offset[bucket] + side.counts[bucket]] for part, offset, side in zip(picked, offsets, sides, strict=True)
        )
        both = numpy.concatenate([a, b])
        f, g = (
            (side.before[bucket] + numpy.searchsorted(part, both, "right")) / size
            for side, part, size in zip(sides, (a, b), (n, m), strict=True)
        )
        low = max(low, float(numpy.abs(f - g).max()))
    starts = numpy.unique(place(edges, grid))
    starts = starts[starts > 0]
    made = [_sketch(side, starts, grid, absent, kind) for side, absent, kind in zip(sides, nulls, types, strict=True)]
    return made[0], made[1], low


def all_whole(values: Any) -> bool:
    """Say whether all values are whole numbers; infinities are."""
    return all(
        bool((part == numpy.floor(part)).all()) for part in (values[start : start + BLOCK] for start in range(0, len(values), BLOCK))
    )


def buckets(values: Any, grid: Grid) -> Side:
    """Put values, none of them NaN, into buckets."""
    places: Any = numpy.empty(len(values), numpy.int16)
    counts: Any = numpy.zeros(BUCKETS + 2, numpy.int64)
    for start in range(0, len(values), BLOCK):
        part = place(values[start : start + BLOCK], grid)
        places[start : start + BLOCK] = part
        counts += numpy.bincount(part, minlength=BUCKETS + 2)
    return Side(values, places, counts, numpy.concatenate([[0], numpy.cumsum(counts)[:-1]]))


def place(values: Any, grid: Grid) -> Any:
    """Number the buckets: each operation keeps order, so a smaller value never lands in a later bucket."""
    scaled = values - grid.start
    scaled *= grid.scale
    scaled += 1
    numpy.clip(scaled, 0, BUCKETS + 1, out=scaled)
    return scaled.astype(numpy.int16)


def _sketch(side: Side, starts: Any, grid: Grid, nulls: int, kind: str) -> NumericSketch:
    """Make edges of the buckets' beginnings, a millionth of a bucket before them, so that rounding puts no value on the other side."""
    edges = grid.start + (starts - 1 - 1e-6) / grid.scale
    cells: Any = numpy.zeros(2 * len(edges) + 1, numpy.int64)
    cells[::2] = numpy.diff(numpy.concatenate([[0], side.before[starts], [len(side.values)]]))
    return NumericSketch(edges, cells, nulls, *ends_of(side.values), kind)


def ends_of(values: Any) -> tuple[int, int, float, float]:
    """Count negative and positive infinities, and give the least and the largest finite value (NaN where there is none)."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (numpy.nan, numpy.nan)
    if not len(values) or numpy.isfinite([low, high]).all():
        return 0, 0, low, high
    finite = values[numpy.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (numpy.nan, numpy.nan)
    return int((values == -numpy.inf).sum()), int((values == numpy.inf).sum()), low, high
