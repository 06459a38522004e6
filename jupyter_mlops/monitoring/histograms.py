"""Two sketches of one column → counts of the same bins: equal-frequency bins for the statistics, equal-width bins for people."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.categorical import CategoricalSketch
from jupyter_mlops.monitoring.numeric import NumericSketch


def equal_frequency(reference: NumericSketch, current: NumericSketch, bins: int = 10) -> tuple[Any, Any]:
    """Add cells together to about `bins` bins that hold equally many of the reference's rows; a heavy value is a bin of its own.

    Returns
    -------
    two int arrays, shape (bins or fewer,)
        Counts of both sides.
    """
    share = numpy.cumsum(reference.cells) / max(reference.values, 1)
    bin_of_cell = numpy.minimum((numpy.concatenate([[0.0], share[:-1]]) * bins + 1e-9).astype(numpy.int64), bins - 1)
    sides = [numpy.bincount(bin_of_cell, weights=sketch.cells, minlength=bins) for sketch in (reference, current)]
    used = numpy.bincount(bin_of_cell, minlength=bins) > 0
    return sides[0][used].astype(numpy.int64), sides[1][used].astype(numpy.int64)


def aligned(reference: CategoricalSketch, current: CategoricalSketch) -> tuple[list[str], Any, Any]:
    """Count the same categories on both sides: the reference's, then new ones, then all others together (named ``""``)."""
    names = [*reference.counts, *(name for name in current.counts if name not in reference.counts)]
    if reference.other:  # a category that the reference does not list may have been among its others
        names = list(reference.counts)
    counts = [[sketch.counts.get(name, 0) for name in names] for sketch in (reference, current)]
    rest = [sketch.values - sum(row) for sketch, row in zip((reference, current), counts, strict=True)]
    if any(rest):
        names, counts = [*names, ""], [[*row, left] for row, left in zip(counts, rest, strict=True)]
    return names, numpy.array(counts[0], numpy.int64), numpy.array(counts[1], numpy.int64)


def equal_width(sketches: tuple[NumericSketch, ...], bins: int = 64) -> tuple[Any, list[Any]]:
    """Give shares of equal-width bins over the reference's middle 99 %, widened to hold the current side's middle 98 %.

    Values between two edges are taken as spread evenly; what lies outside is in the outermost bins.

    Returns
    -------
    float array, shape (bins + 1,), and a list of float arrays, shape (bins,)
        Limits of the bins, and each sketch's shares.
    """
    ends = [quantile(sketch, share) for sketch, share in zip(sketches, (0.005, 0.01), strict=False) if sketch.values]
    tops = [quantile(sketch, 1 - share) for sketch, share in zip(sketches, (0.005, 0.01), strict=False) if sketch.values]
    low, high = (min(ends), max(tops)) if ends else (0.0, 1.0)
    if not high > low:
        low, high = low - 0.5, high + 0.5
    limits = numpy.linspace(low, high, bins + 1)
    return limits, [_shares(sketch, limits) for sketch in sketches]


def quantile(sketch: NumericSketch, share: float) -> float:
    """Give the smallest edge that at least `share` of the values do not exceed; the last edge where there is none."""
    if not len(sketch.edges):
        return 0.0
    upto = numpy.cumsum(sketch.cells)[1::2]
    return float(sketch.edges[min(int(numpy.searchsorted(upto, share * sketch.values)), len(sketch.edges) - 1)])


def _shares(sketch: NumericSketch, limits: Any) -> Any:
    total = sketch.values
    if not total or not len(sketch.edges):
        return numpy.zeros(len(limits) - 1)
    edges, cells = sketch.edges, sketch.cells
    below = numpy.interp(limits, edges, numpy.concatenate([[0], numpy.cumsum(cells[2:-1:2])]))
    atoms = numpy.concatenate([[0], numpy.cumsum(cells[1::2])])[numpy.searchsorted(edges, limits, "right")]
    spread = below + atoms + cells[0]
    spread[0], spread[-1] = 0, total
    return numpy.diff(spread) / total
