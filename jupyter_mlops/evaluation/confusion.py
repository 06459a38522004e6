"""Labels and decisions, collapsed to the counts of a table → precision, F1, balanced accuracy, Matthews correlation, and their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation.resampling import of_counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.estimate import Estimate
    from jupyter_mlops.evaluation.predictions import Answers, Truth

Counts = Any
"""True negatives, false positives, false negatives, true positives: each of shape (replicates,)."""


def _ratio(top: Any, bottom: Any) -> NDArray[Any]:
    """Divide; nothing of nothing is 0, as scikit-learn has it."""
    return numpy.divide(top, bottom, out=numpy.zeros(numpy.shape(bottom)), where=numpy.asarray(bottom) != 0)


FORMULAS: dict[str, Callable[[Counts, Counts, Counts, Counts], NDArray[Any]]] = {
    "precision": lambda _, fp, __, tp: _ratio(tp, tp + fp),
    "f1": lambda _, fp, fn, tp: _ratio(2 * tp, 2 * tp + fp + fn),
    "balanced_accuracy": lambda tn, fp, fn, tp: (_ratio(tp, tp + fn) + _ratio(tn, tn + fp)) / 2,
    "mcc": lambda tn, fp, fn, tp: _ratio(tp * tn - fp * fn, numpy.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
}


def estimate(
    name: str, truth: Truth, first: Answers, second: Answers | None, confidence: float, seed: int | None, rows: NDArray[Any] | None
) -> Estimate:
    """Estimate one of `FORMULAS`, or its paired difference, from 4 or 8 counts."""
    formula = FORMULAS[name]
    codes = truth.flags * 2 + (first.codes == truth.positive)
    if second is not None:
        codes = codes * 2 + (second.codes == truth.positive)
    counts = numpy.bincount(codes if rows is None else codes[rows], minlength=4 if second is None else 8)

    def alone(table: NDArray[Any]) -> NDArray[Any]:
        return formula(*table.T)

    def difference(table: NDArray[Any]) -> NDArray[Any]:
        cells = table.reshape(-1, 2, 2, 2)  # label, first's decision, second's decision
        mine, other = cells.sum(axis=3).reshape(-1, 4), cells.sum(axis=2).reshape(-1, 4)
        return formula(*mine.T) - formula(*other.T)

    return of_counts(counts, alone if second is None else difference, confidence, seed, smooth=0.5)


def f1_macro(codes: NDArray[Any], said: NDArray[Any], classes: int) -> float:
    """Average the F1 of each class."""
    table = numpy.bincount(codes * (classes + 1) + said, minlength=classes * (classes + 1)).reshape(classes, classes + 1)
    right = numpy.diag(table[:, :classes])
    return float(_ratio(2.0 * right, table.sum(axis=1) + table[:, :classes].sum(axis=0)).mean())


def average_precision(flags: NDArray[Any], scores: NDArray[Any]) -> float:
    """Σ (recallₖ − recallₖ₋₁) · precisionₖ over the distinct scores from the highest down, as scikit-learn defines it."""
    order = numpy.argsort(-scores, kind="stable")
    hits = numpy.cumsum(flags[order])
    last: NDArray[Any] = numpy.append(numpy.flatnonzero(numpy.diff(scores[order])), len(order) - 1)
    hits = hits[last].astype(float)
    if not len(hits) or hits[-1] == 0:
        return float("nan")
    return float((numpy.diff(hits, prepend=0.0) * hits / (last + 1)).sum() / hits[-1])
