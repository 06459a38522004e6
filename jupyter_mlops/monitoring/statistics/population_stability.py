"""Counts of the same bins in two samples → the population stability index."""

from __future__ import annotations

from typing import Any

import numpy


def population_stability_index(reference: Any, current: Any) -> float:
    """Measure how far one feature has moved between two samples, from counts of the same bins.

    PSI = Σᵢ (cᵢ − rᵢ) · ln(cᵢ / rᵢ), shares with half a row added to each bin, so that an empty bin gives a finite number.

    The bins are equal-frequency bins of the reference (`histograms.equal_frequency`): one outlier changes one count by one, where
    equal-width bins would all move.

    Parameters
    ----------
    reference, current : int array, shape (bins,)
        Counts.

    Returns
    -------
    float
        PSI in nats; 0 when the two histograms agree. Without any drift it is about (bins − 1)(1/n + 1/m): 0.09 for 10 bins and 100 rows,
        which is why a fixed limit of 0.1 alarms on noise below 200 rows.

    Raises
    ------
    ValueError
        If a side counts nothing.

    Source
    ------
    Siddiqi 2006, "Credit Risk Scorecards", section "Scorecard stability"; symmetric form of Kullback & Leibler 1951 (Jeffreys 1946).
    """
    r, c = (numpy.asarray(side, dtype=float) for side in (reference, current))
    if not r.sum() or not c.sum():
        raise ValueError("the population stability index needs counts on both sides, found none on one")
    r, c = ((side + 0.5) / (side.sum() + 0.5 * len(side)) for side in (r, c))
    return float(((c - r) * numpy.log(c / r)).sum())
