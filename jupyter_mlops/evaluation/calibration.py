"""Scores and labels, collapsed to bins → the expected calibration error with its interval, and the points of the reliability curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from scipy.special import ndtr, stdtrit

from jupyter_mlops.evaluation.estimate import Estimate
from jupyter_mlops.evaluation.proportions import share
from jupyter_mlops.evaluation.resampling import REPLICATES, drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.predictions import Answers, Truth

BINS = 15


def estimate(
    truth: Truth, first: Answers, second: Answers | None, confidence: float, seed: int | None, rows: NDArray[Any] | None = None
) -> Estimate:
    """Estimate ECE = Σ (rows in bin / n) · |mean score − share of positives|, over 15 bins of equal width, or its paired difference.

    Counts of score bin × label are drawn; within a cell the mean score stays what it is. A sum of absolute values is too large in every
    sample, by up to 0.8 standard errors a bin, most where the model is calibrated best: of two models the better one loses more by it. A
    percentile of draws then misses in up to 70 % of samples at a stated 5 %, and not less often with 2,000 rows. So the interval is
    the t interval of the draws, wider by the most that this bias may be: below by that of `first`, above by that of `second`.

    Source
    ------
    Naeini, Cooper and Hauskrecht, 2015, Obtaining well calibrated probabilities using Bayesian binning; Kumar, Liang and Ma, 2019, Verified
    uncertainty calibration, on the bias.
    """
    flags = truth.flags if rows is None else truth.flags[rows]
    scores = [
        (each.scores if rows is None else each.scores[rows]) for each in (first, second) if each is not None and each.scores is not None
    ]
    bins = [_bins(each) for each in scores]
    code = flags.astype(numpy.int64)
    for each in bins:
        code = code * BINS + each
    size = 2 * BINS ** len(bins)
    counts = numpy.bincount(code, minlength=size)
    seen = numpy.flatnonzero(counts)
    table = counts[seen].astype(float)
    sums = [numpy.bincount(code, weights=each, minlength=size)[seen] / table for each in scores]
    positive = seen >= size // 2
    places = [(seen // BINS ** (len(bins) - 1 - at)) % BINS for at in range(len(bins))]
    gaps = [(mean - positive)[:, None] * (place[:, None] == numpy.arange(BINS)) for mean, place in zip(sums, places, strict=True)]

    def value(draws: NDArray[Any]) -> NDArray[Any]:
        errors = [numpy.abs(draws @ gap).sum(axis=1) / draws.sum(axis=1) for gap in gaps]
        return errors[0] - errors[1] if len(errors) == 2 else errors[0]

    n = len(flags)
    found = float(value(table[None, :])[0])
    if seed is None:
        return Estimate(value=found, low=numpy.nan, high=numpy.nan, n=n, confidence=confidence, method="")
    half = float(stdtrit(max(n - 1, 1), confidence)) * float(value(drawn(table, n, seed)).std())
    excess = [_excess(flags, each, place) for each, place in zip(scores, bins, strict=True)]
    low, high = found - excess[0] - half, found + half + (excess[1] if second is not None else 0.0)
    if second is None:
        low, high = max(low, 0.0), min(high, 1.0)
    method = f"bootstrap of counts ({REPLICATES:,} replicates), less the bias"
    return Estimate(value=found, low=low, high=high, n=n, confidence=confidence, method=method)


def _excess(flags: NDArray[Any], scores: NDArray[Any], bins: NDArray[Any]) -> float:
    """Give the most by which noise may enlarge the sum of |gap|: E|N(g, s)| − |g| of each bin, g two standard errors nearer to 0 than seen."""
    rows = numpy.bincount(bins, minlength=BINS).astype(float)
    hits = numpy.bincount(bins, weights=flags, minlength=BINS)
    rate = (hits + 0.5) / (rows + 1)  # a bin of one row has no spread, and is no more certain for it
    error = numpy.sqrt(rows * rate * (1 - rate))
    gap = numpy.abs(numpy.bincount(bins, weights=scores, minlength=BINS) - hits)
    away = numpy.maximum(gap / numpy.maximum(error, 1e-12) - 2, 0.0)
    density = numpy.exp(-(away**2) / 2) / (2 * numpy.pi) ** 0.5
    return float((error * 2 * (density - away * ndtr(-away))).sum() / len(flags))


def curve(truth: Truth, answers: Answers, confidence: float) -> list[dict[str, float]]:
    """Give the reliability curve: for each bin with rows its mean score, the share of positives and that share's interval."""
    assert answers.scores is not None
    bins = _bins(answers.scores)
    counts = numpy.bincount(bins, minlength=BINS)
    hits = numpy.bincount(bins, weights=truth.flags, minlength=BINS)
    means = numpy.bincount(bins, weights=answers.scores, minlength=BINS)
    points = []
    for at in numpy.flatnonzero(counts):
        seen = share(int(hits[at]), int(counts[at]), confidence)
        points.append(
            {"score": float(means[at] / counts[at]), "share": seen.value, "low": seen.low, "high": seen.high, "n": int(counts[at])}
        )
    return points


def _bins(scores: NDArray[Any]) -> NDArray[Any]:
    return numpy.clip((numpy.asarray(scores) * BINS).astype(numpy.int64), 0, BINS - 1)
