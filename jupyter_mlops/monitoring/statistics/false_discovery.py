"""Many p-values → q-values: how many false alarms to expect among what is called drifted, over all columns together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from collections.abc import Sequence


def q_values(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values so that calling everything with q ≤ 0.05 drifted makes at most 5 of 100 calls false, on average.

    q₍ᵢ₎ = min over j ≥ i of p₍ⱼ₎ · m / j. When nothing drifts at all, the chance of any alarm is at most the chosen level.

    Parameters
    ----------
    p_values : sequence of float
        One per test; NaN (no test) stays NaN and is not counted.

    Source
    ------
    Benjamini & Hochberg 1995, "Controlling the false discovery rate". Equals `scipy.stats.false_discovery_control`.

    Examples
    --------
    >>> q_values([0.01, 0.04, 0.5])
    [0.03, 0.06, 0.5]
    """
    p = numpy.asarray(p_values, dtype=float)
    adjusted = numpy.full(p.shape, numpy.nan)
    tested = numpy.flatnonzero(~numpy.isnan(p))
    order = tested[numpy.argsort(p[tested], kind="stable")]
    ranked = p[order] * len(order) / numpy.arange(1, len(order) + 1)
    adjusted[order] = numpy.minimum(numpy.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return [float(value) for value in adjusted]
