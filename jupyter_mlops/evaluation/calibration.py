"""Scores and labels, collapsed to bins → the expected calibration error with its interval, and the points of the reliability curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation.proportions import share
from jupyter_mlops.evaluation.resampling import of_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.estimate import Estimate
    from jupyter_mlops.evaluation.predictions import Answers, Truth

BINS = 15


def estimate(
    truth: Truth, first: Answers, second: Answers | None, confidence: float, seed: int | None, rows: NDArray[Any] | None = None
) -> Estimate:
    """Estimate ECE = Σ (rows in bin / n) · |mean score − share of positives|, over 15 bins of equal width, or its paired difference.

    Counts of score bin × label are drawn; within a cell the mean score stays what it is.

    Source
    ------
    Naeini, Cooper and Hauskrecht, 2015, Obtaining well calibrated probabilities using Bayesian binning.
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

    return of_counts(table, value, confidence, seed, rectified=second is None)


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
