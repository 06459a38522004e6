"""How many values are missing on each side → whether more are missing now, by how much at least."""

from __future__ import annotations

import math

from jupyter_mlops.monitoring.statistics.cramers_v import Effect


def difference_of_shares(found: int, rows: int, found_now: int, rows_now: int, *, confidence: float = 0.95) -> Effect:
    """Give the absolute difference of two shares, |p₂ − p₁|, with its interval.

    Source
    ------
    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10: from Wilson's interval of each share.
    """
    if not rows or not rows_now:
        return Effect(0.0, 0.0, 1.0)
    (p, p_low, p_high), (r, r_low, r_high) = wilson(found, rows, confidence), wilson(found_now, rows_now, confidence)
    low = r - p - math.sqrt((r - r_low) ** 2 + (p_high - p) ** 2)
    high = r - p + math.sqrt((r_high - r) ** 2 + (p - p_low) ** 2)
    value = abs(r - p)
    if low <= 0 <= high:
        return Effect(value, 0.0, max(-low, high))
    return Effect(value, min(abs(low), abs(high)), max(abs(low), abs(high)))


def share_p_value(found: int, rows: int, found_now: int, rows_now: int) -> float:
    """Give the p-value of equal shares: chi-squared with the (N − 1)/N factor, right down to small counts.

    Source
    ------
    Campbell 2007, "Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample recommendations".
    """
    total, both = rows + rows_now, found + found_now
    if not rows or not rows_now or both in {0, total}:
        return 1.0
    pooled = both / total
    statistic = (found / rows - found_now / rows_now) ** 2 / (pooled * (1 - pooled) * (1 / rows + 1 / rows_now)) * (total - 1) / total
    return math.erfc(math.sqrt(statistic / 2))


def wilson(found: int, rows: int, confidence: float = 0.95) -> Effect:
    """Give a share and its interval. Wilson 1927; holds for small samples and shares near 0 and 1."""
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = found / rows
    centre = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return Effect(share, max(0.0, centre - half), min(1.0, centre + half))
