"""Counts → limits of a rate: to show (Wilson), and to rely on (Clopper and Pearson)."""

from __future__ import annotations

import math


def wilson(events: float, requests: float) -> tuple[float, float, float]:
    """Give a rate and its 95 % interval; 0, 0, 1 of nothing. Source: Wilson, 1927, Probable inference, JASA 22."""
    if requests <= 0:
        return 0.0, 0.0, 1.0
    z, rate = 1.959964, float(events / requests)
    middle = (rate + z * z / (2 * requests)) / (1 + z * z / requests)
    half = z * math.sqrt(rate * (1 - rate) / requests + z * z / (4 * requests * requests)) / (1 + z * z / requests)
    return rate, float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def rate_limits(events: float, requests: float, alpha: float) -> tuple[float, float]:
    """Give limits that a rate exceeds, on either side, with a chance of at most `alpha`; 0 and 1 of nothing.

    Source: Clopper and Pearson, 1934, The use of confidence or fiducial limits, Biometrika 26.
    """
    from scipy.special import betaincinv

    low = float(betaincinv(events, requests - events + 1, alpha)) if events > 0 else 0.0
    high = float(betaincinv(events + 1, requests - events, 1 - alpha)) if events < requests else 1.0
    return low, high
