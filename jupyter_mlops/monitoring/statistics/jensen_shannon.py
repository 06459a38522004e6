"""Counts of the same bins in two samples → the Jensen-Shannon distance."""

from __future__ import annotations

from typing import Any

import numpy


def jensen_shannon(reference: Any, current: Any) -> float:
    """Measure the distance of two histograms: 0 when equal, 1 when they share no bin.

    JS = √(½ Σ rᵢ log₂(rᵢ/mᵢ) + ½ Σ cᵢ log₂(cᵢ/mᵢ)), m = (r + c)/2.

    Parameters
    ----------
    reference, current : int array, shape (bins,)
        Counts, at least one on each side.

    Raises
    ------
    ValueError
        If a side counts nothing.

    Source
    ------
    Lin 1991, "Divergence measures based on the Shannon entropy"; Endres & Schindelin 2003 for the root. Equals
    `scipy.spatial.distance.jensenshannon(base=2)`.
    """
    r, c = (numpy.asarray(side, dtype=float) for side in (reference, current))
    if not r.sum() or not c.sum():
        raise ValueError("the Jensen-Shannon distance needs counts on both sides, found none on one")
    r, c = r / r.sum(), c / c.sum()
    middle = (r + c) / 2
    total = 0.0
    for side in (r, c):
        seen = side > 0
        total += float((side[seen] * numpy.log2(side[seen] / middle[seen])).sum()) / 2
    return float(min(1.0, max(0.0, total)) ** 0.5)
