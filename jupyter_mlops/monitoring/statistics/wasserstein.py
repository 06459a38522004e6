"""Two samples, or their counts at the same edges → how far values have to be moved, in the feature's own unit."""

from __future__ import annotations

from typing import Any

import numpy


def wasserstein(reference: Any, current: Any) -> float:
    """Measure the mean distance by which values move between two samples.

    W₁ = ∫ |F(x) − G(x)| dx.

    Parameters
    ----------
    reference, current : float array, shape (n,) and (m,)
        Finite values, in the feature's own unit, in any order.

    Raises
    ------
    ValueError
        If a sample is empty.

    Source
    ------
    Kantorovich 1942; Vallender 1974 for one dimension. Equals `scipy.stats.wasserstein_distance`.

    Examples
    --------
    >>> wasserstein([0.0, 1.0], [5.0, 6.0])
    5.0
    """
    first, second = (numpy.sort(numpy.asarray(side, dtype=float)) for side in (reference, current))
    if not len(first) or not len(second):
        raise ValueError("the Wasserstein distance needs values in both samples, found an empty one")
    both = numpy.sort(numpy.concatenate([first, second]))
    f, g = (numpy.searchsorted(side, both[:-1], "right") / len(side) for side in (first, second))
    return float((numpy.abs(f - g) * numpy.diff(both)).sum())


def wasserstein_of_cells(edges: Any, reference: Any, current: Any) -> float:
    """Give W₁ between the first and the last edge, distribution functions taken as linear between edges.

    What lies beyond the edges counts as if it lay on the outermost edge, so that one outlier moves the distance by 1/m of the range at most.

    Parameters
    ----------
    edges : float array, shape (k,)
        Ascending.
    reference, current : int array, shape (2k + 1,)
        Counts of gaps and edges in turn (`numeric.NumericSketch.cells`).
    """
    if len(edges) < 2 or not reference.sum() or not current.sum():
        return 0.0
    after = numpy.cumsum(reference) / reference.sum() - numpy.cumsum(current) / current.sum()
    leaving, arriving = after[1:-2:2], after[2:-1:2]  # just after an edge; just before the next one
    same_sign = leaving * arriving >= 0
    size = numpy.abs(leaving) + numpy.abs(arriving)
    crossing = (leaving**2 + arriving**2) / numpy.where(size > 0, size, 1.0) / 2
    return float((numpy.where(same_sign, size / 2, crossing) * numpy.diff(edges)).sum())
