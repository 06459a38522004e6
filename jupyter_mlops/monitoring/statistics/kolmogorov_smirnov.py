"""Two sorted samples → the largest distance of their distribution functions, exactly; two rows of cell counts → an interval that holds it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy

STRIDE = 256
"""Every so many values of the first sample an anchor is set; only the gaps between anchors that can hold the maximum are looked into."""


class Bounds(NamedTuple):
    """A certified interval: `low` ≤ D ≤ `high`. D is known exactly where both are equal."""

    low: float
    high: float


def kolmogorov_smirnov(reference: Any, current: Any) -> float:
    """Measure the largest vertical distance between two empirical distribution functions.

    D = sup_x |F(x) − G(x)|. Both samples are sorted; D is bounded in each gap between every 256th value of `reference`, and searched only
    in the gaps whose bound exceeds the best value found, which is a few for real data.

    Parameters
    ----------
    reference, current : float array, shape (n,) and (m,)
        Values in the feature's own unit, without NaN.

    Returns
    -------
    float
        D in [0, 1]: the share of rows, at most, by which the two samples differ on one side of any threshold.

    Raises
    ------
    ValueError
        If a sample is empty.

    Source
    ------
    Kolmogorov 1933; Smirnov 1939. Equals `scipy.stats.ks_2samp(...).statistic`.

    Examples
    --------
    >>> kolmogorov_smirnov([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])
    0.5
    """
    return distance_of_sorted(numpy.sort(numpy.asarray(reference, dtype=float)), numpy.sort(numpy.asarray(current, dtype=float)))


def distance_of_sorted(first: Any, second: Any) -> float:
    """Give D of two samples that are sorted already."""
    if not len(first) or not len(second):
        raise ValueError("the Kolmogorov-Smirnov distance needs values in both samples, found an empty one")
    anchors = numpy.unique(first[::STRIDE])
    left = numpy.stack([numpy.searchsorted(side, anchors, "left") for side in (first, second)])
    right = numpy.stack([numpy.searchsorted(side, anchors, "right") for side in (first, second)])
    sizes = numpy.array([[len(first)], [len(second)]])
    starts = numpy.concatenate([numpy.zeros((2, 1), numpy.int64), right], axis=1)
    ends = numpy.concatenate([left, sizes], axis=1)
    best = float(numpy.abs(right[0] / len(first) - right[1] / len(second)).max())
    at_start = starts[0] / len(first) - starts[1] / len(second)
    gap = (ends - starts) / sizes
    bound = numpy.maximum(numpy.abs(at_start + gap[0]), numpy.abs(at_start - gap[1]))
    best = max(best, float(numpy.abs(ends[0] / len(first) - ends[1] / len(second)).max()))
    for index in numpy.argsort(-bound, kind="stable"):
        if bound[index] <= best:
            break
        a, b = first[starts[0, index] : ends[0, index]], second[starts[1, index] : ends[1, index]]
        both = numpy.concatenate([a, b])
        f = (starts[0, index] + numpy.searchsorted(a, both, "right")) / len(first)
        g = (starts[1, index] + numpy.searchsorted(b, both, "right")) / len(second)
        best = max(best, float(numpy.abs(f - g).max(initial=0.0)))
    return best


def bounds_of_cells(reference: Any, current: Any) -> Bounds:
    """Bound D from counts of the same cells: gaps at even places, single values at odd places (`numeric.NumericSketch.cells`).

    At the end of each cell both distribution functions are known, so the largest difference there is a lower bound. Inside a gap the
    difference can reach what it is at the gap's start plus the gap's whole mass on one side, and no more: the upper bound. Where one side
    has nothing in a gap, the gap adds nothing.

    Parameters
    ----------
    reference, current : int array, shape (cells,)
        Counts of the same cells in ascending order.

    Raises
    ------
    ValueError
        If a side counts nothing.
    """
    n, m = int(reference.sum()), int(current.sum())
    if not n or not m:
        raise ValueError("the Kolmogorov-Smirnov distance needs values in both samples, found an empty one")
    after = numpy.cumsum(reference) / n - numpy.cumsum(current) / m
    before = numpy.concatenate([[0.0], after[:-1]])[::2]
    low = float(numpy.abs(after).max())
    up, down = reference[::2] / n, current[::2] / m
    inside = (up > 0) & (down > 0)
    reach = numpy.where(inside, numpy.maximum(numpy.abs(before + up), numpy.abs(before - down)), 0.0)
    return Bounds(low, min(1.0, max(low, float(reach.max(initial=0.0)))))


def radius(n: int, m: int, confidence: float = 0.95) -> float:
    """Give how far an observed D may be from the true one: half the width of its interval, for any distributions and any sizes.

    |D̂ − D| ≤ √(ln(4/α) / 2n) + √(ln(4/α) / 2m) with probability ≥ 1 − α.

    Source
    ------
    Dvoretzky-Kiefer-Wolfowitz inequality with Massart's constant (1990) for each sample, half of α each.
    """
    if n < 1 or m < 1:
        return math.inf
    level = math.log(4 / (1 - confidence)) / 2
    return math.sqrt(level / n) + math.sqrt(level / m)


def critical_distance(n: int, m: int, alpha: float) -> float:
    """Give the smallest D whose p-value is at most `alpha`: √(−ln(α/2)/2 · (n + m)/(n m)), Smirnov's first term."""
    if n < 1 or m < 1:
        return math.inf
    return math.sqrt(-math.log(alpha / 2) / 2 * (n + m) / (n * m))
