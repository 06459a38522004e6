"""Labels and scores → the area under the ROC curve of one model, and the difference of two on the same rows (DeLong)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from scipy.special import ndtr, ndtri, stdtrit

from jupyter_mlops.evaluation.estimate import Estimate, undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

Placements = tuple[Any, Any, float]
LEAST = 10
"""Rows of each class below which a normal interval of an AUC means nothing."""


def delong(
    positive: NDArray[Any], scores: NDArray[Any], others: NDArray[Any] | None = None, *, confidence: float = 0.95
) -> tuple[Estimate, float]:
    """Estimate an AUC, or with `others` the difference of two AUCs on the same rows, and give the two-sided p-value of "no difference".

    AUC = mean over pairs of a positive and a negative row of [s⁺ > s⁻] + ½[s⁺ = s⁻]. Its variance comes from the placements: for each
    positive row the share of negatives below it, for each negative row the share of positives above it.

    Parameters
    ----------
    positive : bool array, shape (n,)
        Which rows are of the positive class.
    scores, others : float array, shape (n,)
        Larger means more surely positive.
    confidence : float
        One-sided.

    Source
    ------
    DeLong, DeLong and Clarke-Pearson, 1988, Comparing the areas under two or more correlated receiver operating characteristic curves.
    """
    flags = numpy.asarray(positive, dtype=bool)
    ups, downs = int(flags.sum()), int((~flags).sum())
    if min(ups, downs) < LEAST:
        return undefined(len(flags), confidence, f"{ups} positive and {downs} negative rows; {LEAST} of each are needed"), 1.0
    return from_placements(*(placements(flags, each) for each in (scores, others) if each is not None), confidence=confidence)


def from_placements(first: Placements, second: Placements | None = None, *, confidence: float) -> tuple[Estimate, float]:
    """Do as `delong`, with the placements of one or two models on the same rows."""
    above, below, value = first
    if second is not None:
        above, below, value = above - second[0], below - second[1], value - second[2]
    ups, downs = len(above), len(below)
    parts = float(above.var(ddof=1)) / ups, float(below.var(ddof=1)) / downs
    variance = sum(parts)
    z = float(ndtri(confidence))
    if variance > 0:  # estimated from few rows of the rarer class: Welch's degrees of freedom
        freedom = variance**2 / sum(part**2 / _freedom(each) for part, each in zip(parts, (above, below), strict=True) if part > 0)
        z = float(stdtrit(freedom, confidence))
    # No placement varies: what was not seen in n rows may still be true for about z²/n of them.
    half = z * variance**0.5 if variance > 0 else z * z / (min(ups, downs) + z * z)
    p = 2 * float(ndtr(-abs(value) / variance**0.5)) if variance > 0 else 1.0
    low, high = (value - half, value + half) if second is not None else _within_unit(value, half)
    return Estimate(value=value, low=low, high=high, n=ups + downs, confidence=confidence, method="DeLong"), p


def _freedom(values: NDArray[Any]) -> float:
    """Give the degrees of freedom of a variance: fewer where a few values make most of it, var(s²) = s⁴ · (kurtosis − 1) / n."""
    squares = (values - values.mean()) ** 2
    kurtosis = float((squares**2).mean()) / float(squares.mean()) ** 2
    return min(max(2 * len(values) / max(kurtosis - 1, 1e-9), 1.0), len(values) - 1)


def _within_unit(value: float, half: float) -> tuple[float, float]:
    """Make an interval for one AUC on the logit scale, where it is nearly normal and cannot leave [0, 1]."""
    if not 0 < value < 1:
        return max(0.0, value - half), min(1.0, value + half)
    logit, width = numpy.log(value / (1 - value)), half / (value * (1 - value))
    return float(1 / (1 + numpy.exp(width - logit))), float(1 / (1 + numpy.exp(-width - logit)))


def placements(flags: NDArray[Any], scores: NDArray[Any]) -> Placements:
    """Give each positive row's share of negatives below it, each negative row's share of positives above it, and the AUC."""
    high, low = numpy.asarray(scores[flags], dtype=float), numpy.asarray(scores[~flags], dtype=float)
    high_order, low_order = numpy.argsort(high), numpy.argsort(low)
    sorted_high, sorted_low = high[high_order], low[low_order]
    above, below = numpy.empty(len(high)), numpy.empty(len(low))
    # Queries in order walk through memory once; in the rows' order each would miss the cache.
    above[high_order] = (numpy.searchsorted(sorted_low, sorted_high, "left") + numpy.searchsorted(sorted_low, sorted_high, "right")) / (
        2 * len(low)
    )
    below[low_order] = 1 - (numpy.searchsorted(sorted_high, sorted_low, "left") + numpy.searchsorted(sorted_high, sorted_low, "right")) / (
        2 * len(high)
    )
    return above, below, float(above.mean())
