"""Sketches of predicted probabilities → confidence, entropy, and the accuracy to expect, without labels.

Confidence-based estimation holds where the classifier is calibrated and the concept has not moved: of rows scored 0.8, 80 of 100 are positive.
It sees what a moved input does to performance, and cannot see a moved concept; that takes labels (`streams`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy

from jupyter_mlops.monitoring.numeric import NumericSketch

ASSUMPTION = "probabilities are calibrated and what is to be predicted still follows from the features as it did"


def track(reference: NumericSketch, current: NumericSketch) -> dict[str, Any] | None:
    """Say how sure the classifier is now and before, and how often it will be right; None where scores are no probabilities.

    Accuracy = mean of max(p, 1 − p); entropy = mean of −p log₂ p − (1 − p) log₂(1 − p), in bits.

    Returns
    -------
    dict or None
        `accuracy`, `entropy`: pairs (before, now) of (value, low, high), 95 % intervals of the mean, bin width included.

    Source
    ------
    Garg et al. 2022, "Leveraging unlabeled data to predict out-of-distribution performance" (average confidence); NannyML's CBPE is the same idea.
    """
    sides = (reference, current)
    if any(not side.values or side.infinities or side.minimum < 0 or side.maximum > 1 for side in sides):
        return None
    return {
        "accuracy": [_mean(side, lambda p: numpy.maximum(p, 1 - p)) for side in sides],
        "entropy": [_mean(side, _entropy) for side in sides],
        "assumption": ASSUMPTION,
    }


def _entropy(p: Any) -> Any:
    inside = numpy.clip(p, 1e-12, 1 - 1e-12)
    return -inside * numpy.log2(inside) - (1 - inside) * numpy.log2(1 - inside)


def _mean(sketch: NumericSketch, score: Any) -> list[float]:
    """Mean of a score over cells: exact on edges, bounded inside gaps by the score at the gap's ends (and at 1/2 where it lies inside)."""
    ends = numpy.concatenate([[sketch.minimum], numpy.clip(sketch.edges, sketch.minimum, sketch.maximum), [sketch.maximum]])
    at = score(ends)
    turns = (ends[:-1] < 0.5) & (ends[1:] > 0.5)
    turn = float(score(numpy.array([0.5]))[0])
    least = numpy.minimum(at[:-1], numpy.where(turns, numpy.minimum(at[1:], turn), at[1:]))
    most = numpy.maximum(at[:-1], numpy.where(turns, numpy.maximum(at[1:], turn), at[1:]))
    gaps, atoms, n = sketch.cells[::2], sketch.cells[1::2], sketch.values
    points = float((atoms * at[1:-1]).sum())
    low, high = ((points + float((gaps * side).sum())) / n for side in (least, most))
    middle = (low + high) / 2
    spread = math.sqrt(max(float((atoms * (at[1:-1] - middle) ** 2).sum() + (gaps * ((least + most) / 2 - middle) ** 2).sum()) / n, 0.0))
    half = 1.96 * spread / math.sqrt(n)
    return [round(middle, 5), round(low - half, 5), round(high + half, 5)]
