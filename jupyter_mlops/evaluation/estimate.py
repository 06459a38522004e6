"""What a statistic says: its value, the interval around it, how many rows stand behind it; and how far it is from a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy.special import ndtr, ndtri

POWER = 0.8
"""An `n` that is needed is one at which four of five gates reach a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its interval: `low` and `high` each hold with one-sided `confidence`, so both together with 2 · confidence − 1."""

    value: float
    low: float
    high: float
    n: int
    confidence: float
    method: str
    note: str = ""

    @property
    def defined(self) -> bool:
        """Whether there is a number at all: one class among the labels leaves an AUC undefined."""
        return not math.isnan(self.value)

    def scaled(self, factor: float) -> Estimate:
        """Express the same in another unit; `factor` may be negative."""
        ends = sorted((self.low * factor, self.high * factor))
        return replace(self, value=self.value * factor, low=ends[0], high=ends[1])

    def error(self, threshold: float) -> float:
        """Give the standard error that the interval's end on the threshold's side stands for."""
        if math.isinf(self.value):
            return 0.0
        half = self.value - self.low if threshold < self.value else self.high - self.value
        return max(half, 0.0) / float(ndtri(self.confidence))

    def below(self, threshold: float) -> float:
        """Give the p-value against "the true value is at most `threshold`"."""
        return 1 - self.above(threshold)

    def above(self, threshold: float) -> float:
        """Give the p-value against "the true value is at least `threshold`"."""
        error = self.error(threshold)
        if error == 0:
            return 0.5 if self.value == threshold else float(self.value > threshold)
        return float(ndtr((self.value - threshold) / error))

    def needed(self, threshold: float, supposed: float) -> int | None:
        """Give the rows needed to tell `supposed` from `threshold` in four of five samples; None when no number of rows would do.

        n' = n · ((z_confidence + z_power) · s / |supposed − threshold|)², s the standard error now.
        """
        gap = abs(supposed - threshold)
        error = self.error(threshold)
        if gap <= 1e-12 or not math.isfinite(error):
            return None
        needed = self.n * ((float(ndtri(self.confidence)) + float(ndtri(POWER))) * error / gap) ** 2
        return rounded_up(max(needed, 1.0)) if needed < 1e12 else None


def undefined(n: int, confidence: float, why: str) -> Estimate:
    """Say that there is no value, and why."""
    return Estimate(value=math.nan, low=math.nan, high=math.nan, n=n, confidence=confidence, method="", note=why)


def rounded_up(count: float) -> int:
    """Round a number of rows up to two digits: more would feign a precision that a plan does not have."""
    unit = 10 ** max(math.floor(math.log10(max(count, 1))) - 1, 0)
    return int(math.ceil(count / unit - 1e-9) * unit)
