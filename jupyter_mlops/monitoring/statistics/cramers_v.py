"""A chi-squared statistic of two rows of counts → Cramér's V, corrected for bias, with an interval: how strong, whatever the sample size."""

from __future__ import annotations

import math
from typing import NamedTuple


class Effect(NamedTuple):
    """An estimate and its interval."""

    value: float
    low: float
    high: float


def cramers_v(statistic: float, freedom: int, n: int, m: int, *, confidence: float = 0.95) -> Effect:
    """Measure how strongly category and sample (reference or current) go together.

    φ² = X²/N, corrected φ̃² = max(0, φ² − (k−1)/(N−1)), k̃ = k − (k−1)²/(N−1), r̃ = 2 − 1/(N−1), V = √(φ̃² / min(k̃−1, r̃−1)), N = n + m.
    Without the correction 200 categories that do not drift show V = 0.02 at N = 200,000.

    V of samples of very different sizes is small however different they are. It is given for equal sizes: divided by 2√(w(1−w)), w = n/N,
    so that a small window and a large one show the same effect for the same change.

    Parameters
    ----------
    statistic : float
        X² of `chi_squared`.
    freedom : int
        k − 1, for k categories.
    n, m : int
        Counts of the two rows.
    confidence : float
        Of the interval, which comes from the noncentral chi-squared distribution of X².

    Returns
    -------
    Effect
        V in [0, 1] and its interval.

    Source
    ------
    Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T"; interval: Smithson 2003, "Confidence Intervals", section 4.
    """
    total = n + m
    if freedom < 1 or total < 3 or n < 1 or m < 1:
        return Effect(0.0, 0.0, 1.0 if total < 3 else 0.0)
    corrected = max(0.0, statistic / total - freedom / (total - 1))
    columns, rows = freedom + 1 - freedom**2 / (total - 1), 2 - 1 / (total - 1)
    smaller = max(min(columns - 1, rows - 1), 1e-12)
    scale = 1 / (2 * math.sqrt(n * m) / total)
    low, high = (_noncentrality(statistic, freedom, p) for p in ((1 + confidence) / 2, (1 - confidence) / 2))
    value, low, high = (min(1.0, scale * math.sqrt(part)) for part in (corrected / smaller, low / total, high / total))
    return Effect(value, min(low, value), max(high, value))


def _noncentrality(statistic: float, freedom: int, p: float) -> float:
    """Find λ with P(χ²(freedom, λ) ≤ statistic) = p; 0 where even λ = 0 gives less."""
    from scipy.special import chdtr, chndtrinc

    if statistic <= 0 or chdtr(freedom, statistic) <= p:
        return 0.0
    found = float(chndtrinc(statistic, freedom, p))
    if math.isfinite(found) and found > 0:
        return found
    # Beyond the library's range: χ²(f, λ) is near normal with mean f + λ and variance 2f + 4λ.
    from scipy.special import ndtri

    z = float(ndtri(p))
    root = -z + math.sqrt(max(z * z + statistic - freedom / 2, 0.0))
    return max(root * root - freedom / 2, 0.0)
