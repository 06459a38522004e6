"""Per-row losses → log-loss, Brier score, absolute and squared errors, R², and their paired differences with bootstrap intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation.resampling import of_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.estimate import Estimate
    from jupyter_mlops.evaluation.predictions import Answers, Truth


def estimate(
    name: str, truth: Truth, first: Answers, second: Answers | None, confidence: float, seed: int | None, rows: NDArray[Any] | None
) -> Estimate:
    """Estimate a mean loss, or the difference of two on the same rows."""
    if name == "r2":
        return _explained(truth, first, second, confidence, seed, rows)
    terms = [of_rows(name, truth, answers, rows) for answers in (first, second) if answers is not None]
    if name != "rmse" and second is not None:
        terms = [terms[0] - terms[1]]  # one mean of differences: fewer numbers, the same statistic

    def value(means: NDArray[Any]) -> NDArray[Any]:
        shown = numpy.sqrt(numpy.maximum(means, 0.0)) if name == "rmse" else means
        return shown[:, 0] - (shown[:, 1] if shown.shape[1] == 2 else 0.0)

    return of_means(numpy.column_stack(terms), value, confidence, seed)


def of_rows(name: str, truth: Truth, answers: Answers, rows: NDArray[Any] | None) -> NDArray[Any]:
    """Give each row's loss, shape (rows,)."""
    if name in {"log_loss", "brier"}:
        return _probabilistic(name, truth, answers, rows)
    right = truth.values if rows is None else truth.values[rows]
    said = answers.values if rows is None else answers.values[rows]
    miss = numpy.abs(right - said)
    if name == "mape":
        return miss / numpy.maximum(numpy.abs(right), numpy.finfo(float).eps)
    return miss if name == "mae" else miss * miss


def _probabilistic(name: str, truth: Truth, answers: Answers, rows: NDArray[Any] | None) -> NDArray[Any]:
    codes = truth.codes if rows is None else truth.codes[rows]
    if truth.binary and answers.scores is not None:
        scores = answers.scores if rows is None else answers.scores[rows]
        flags = codes == truth.positive
        if name == "brier":
            return (flags - scores) ** 2
        given = numpy.where(flags, scores, 1 - scores)
    else:
        assert answers.chances is not None
        chances = answers.chances if rows is None else answers.chances[rows]
        given = chances[numpy.arange(len(codes)), codes]
        if name == "brier":
            return (chances**2).sum(axis=1) - 2 * given + 1
    return -numpy.log(numpy.clip(given, numpy.finfo(float).eps, 1.0))


def _explained(
    truth: Truth, first: Answers, second: Answers | None, confidence: float, seed: int | None, rows: NDArray[Any] | None
) -> Estimate:
    """R² = 1 − mean squared error / variance of the target."""
    right = truth.values if rows is None else truth.values[rows]
    centred = right - right.mean()  # of the whole: squares of large values would cancel
    terms = [of_rows("mse", truth, answers, rows) for answers in (first, second) if answers is not None]

    def value(means: NDArray[Any]) -> NDArray[Any]:
        variance = numpy.maximum(means[:, 1] - means[:, 0] ** 2, numpy.finfo(float).tiny)
        if second is None:
            return 1 - means[:, 2] / variance
        return (means[:, 3] - means[:, 2]) / variance

    return of_means(numpy.column_stack([centred, centred**2, *terms]), value, confidence, seed)
