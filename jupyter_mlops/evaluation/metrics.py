"""A metric's name → how it is computed from answers, and its estimate with an interval, alone or as a paired difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import calibration, confusion, losses
from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.proportions import paired_difference, share
from jupyter_mlops.evaluation.ranking import LEAST, Placements, from_placements, placements
from jupyter_mlops.evaluation.resampling import of_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.predictions import Answers, Truth

ALIASES = {
    "auc": "roc_auc",
    "auc_roc": "roc_auc",
    "logloss": "log_loss",
    "cross_entropy": "log_loss",
    "brier_score": "brier",
    "brier_score_loss": "brier",
    "expected_calibration_error": "ece",
    "sensitivity": "recall",
    "tpr": "recall",
    "tnr": "specificity",
    "false_positive_rate": "fpr",
    "false_negative_rate": "fnr",
    "matthews_corrcoef": "mcc",
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "mean_absolute_percentage_error": "mape",
    "r2_score": "r2",
    "pr_auc": "average_precision",
    "auc_pr": "average_precision",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric: its family says how its uncertainty is found."""

    name: str
    family: str
    higher_is_better: bool
    regression: bool = False
    binary: bool = False
    unit: bool = True
    """Whether its values lie in a unit interval, so that an absolute margin has a meaning of its own."""
    function: Callable[[NDArray[Any], NDArray[Any]], float] | None = None


def _table() -> dict[str, Metric]:
    rows = [
        Metric(name="accuracy", family="share", higher_is_better=True),
        Metric(name="error_rate", family="share", higher_is_better=False),
        Metric(name="recall", family="share", higher_is_better=True, binary=True),
        Metric(name="specificity", family="share", higher_is_better=True, binary=True),
        Metric(name="fpr", family="share", higher_is_better=False, binary=True),
        Metric(name="fnr", family="share", higher_is_better=False, binary=True),
        *(Metric(name=name, family="confusion", higher_is_better=True, binary=True) for name in confusion.FORMULAS),
        Metric(name="f1_macro", family="blocks", higher_is_better=True),
        Metric(name="average_precision", family="blocks", higher_is_better=True, binary=True),
        Metric(name="roc_auc", family="rank", higher_is_better=True, binary=True),
        Metric(name="log_loss", family="loss", higher_is_better=False, unit=False),
        Metric(name="brier", family="loss", higher_is_better=False),
        Metric(name="ece", family="calibration", higher_is_better=False, binary=True),
        *(Metric(name=name, family="loss", higher_is_better=False, regression=True, unit=False) for name in ("mae", "mse", "rmse", "mape")),
        Metric(name="r2", family="loss", higher_is_better=True, regression=True),
    ]
    return {row.name: row for row in rows}


METRICS = _table()


def find(name: str | Callable[..., float], higher_is_better: bool | None = None) -> Metric:
    """Look a metric up by its name or alias, or take a function ``(y, answers) -> float``.

    Raises
    ------
    ValueError
        For a name that is not known, or a function whose direction is not said.
    """
    if callable(name):
        if higher_is_better is None:
            raise ValueError("a metric that is a function needs `higher_is_better`")
        title = getattr(name, "__name__", "metric")
        return Metric(name=title, family="blocks", higher_is_better=higher_is_better, unit=False, function=name)
    key = str(name).lower().replace("-", "_").replace(" ", "_")
    key = ALIASES.get(key, key)
    if key not in METRICS:
        raise ValueError(f"the metric `{name}` is not known; there are {', '.join(f'`{each}`' for each in METRICS)}, or pass a function")
    return METRICS[key]


def estimate(
    metric: Metric,
    truth: Truth,
    first: Answers,
    second: Answers | None,
    *,
    confidence: float,
    seed: int | None,
    rows: NDArray[Any] | None = None,
) -> Estimate:
    """Estimate a metric of `first`, or its difference `first` − `second` on the same rows.

    Parameters
    ----------
    metric : Metric
        What to estimate.
    truth : Truth
        Labels or values of n rows.
    first, second : Answers
        Of the same n rows.
    confidence : float
        One-sided.
    seed : int or None
        Of the resampling; None for the value alone.
    rows : int array, optional
        The rows of a slice, in order of time.
    """
    lacking = lacks(metric, truth, first, second)
    if lacking is not None:
        return undefined(truth.n, confidence, lacking)
    match metric.family:
        case "share":
            return _share(metric, truth, first, second, confidence, rows)
        case "confusion":
            return confusion.estimate(metric.name, truth, first, second, confidence, seed, rows)
        case "rank":
            return compared(truth, first, second, confidence, rows)[0]
        case "loss":
            return losses.estimate(metric.name, truth, first, second, confidence, seed, rows)
        case "calibration":
            return calibration.estimate(truth, first, second, confidence, seed, rows)
        case _:
            return _blocks(metric, truth, first, second, confidence, rows)


def compared(
    truth: Truth, first: Answers, second: Answers | None, confidence: float, rows: NDArray[Any] | None = None
) -> tuple[Estimate, float]:
    """Estimate the AUC of `first`, or `first` − `second`, and test "no difference"; each side is sorted once for all questions."""
    flags = _cut(truth.flags, rows)
    ups, downs = int(flags.sum()), int((~flags).sum())
    if min(ups, downs) < LEAST:
        return undefined(len(flags), confidence, f"{ups} positive and {downs} negative rows; {LEAST} of each are needed"), 1.0
    return from_placements(*(_placed(flags, each, rows) for each in (first, second) if each is not None), confidence=confidence)


def _placed(flags: NDArray[Any], answers: Answers, rows: NDArray[Any] | None) -> Placements:
    """Give the placements, from the answers' memory of the whole and of the last slice."""
    key = "all rows" if rows is None else "slice"
    known = answers.memory.get(key)
    if known is None or known[0] is not rows:
        known = answers.memory[key] = (rows, placements(flags, _cut(answers.scores, rows)))
    found: Placements = known[1]
    return found


def lacks(metric: Metric, truth: Truth, *sides: Answers | None) -> str | None:
    """Say what a metric needs and is not there, or None."""
    if metric.binary and not truth.binary:
        return f"`{metric.name}` needs two classes, there are {len(truth.classes)}"
    if metric.family in {"rank", "calibration"} or metric.name in {"log_loss", "brier", "average_precision"}:
        scored = metric.binary
        mute = [each.name for each in sides if each is not None and each.scores is None and (scored or each.chances is None)]
        if mute:
            return f"`{metric.name}` needs scores, and the {mute[0]} gives labels only"
    return None


def point(metric: Metric, truth: Truth, answers: Answers, rows: NDArray[Any] | None = None) -> float:
    """Give a metric's value alone."""
    if metric.family == "blocks" and lacks(metric, truth, answers) is None:
        return _formula(metric, truth)(answers, numpy.arange(truth.n) if rows is None else rows)
    return estimate(metric, truth, answers, None, confidence=0.95, seed=None, rows=rows).value


def _cut(values: Any, rows: NDArray[Any] | None) -> Any:
    return values if rows is None else values[rows]


def _share(metric: Metric, truth: Truth, first: Answers, second: Answers | None, confidence: float, rows: NDArray[Any] | None) -> Estimate:
    """Estimate a share of rows: those that count are all, or the rows of one class."""
    codes = _cut(truth.codes, rows)
    counted = {"recall": 1, "fnr": 1, "specificity": 0, "fpr": 0}.get(metric.name)
    keep = slice(None) if counted is None else (codes == truth.positive) == bool(counted)
    right = (_cut(first.codes, rows) == codes)[keep]
    n, flip = len(right), metric.name in {"error_rate", "fpr", "fnr"}
    if n == 0:
        return undefined(0, confidence, f"no row counts for `{metric.name}`")
    if second is None:
        found = share(int(right.sum()), n, confidence)
        return Estimate(**_turned(found)) if flip else found
    other = (_cut(second.codes, rows) == codes)[keep]
    found = paired_difference(int((right & ~other).sum()), int((other & ~right).sum()), n, confidence)
    return found.scaled(-1.0) if flip else found


def _turned(found: Estimate) -> dict[str, Any]:
    """Make of a share its complement."""
    return {
        "value": 1 - found.value,
        "low": 1 - found.high,
        "high": 1 - found.low,
        "n": found.n,
        "confidence": found.confidence,
        "method": found.method,
    }


def _blocks(metric: Metric, truth: Truth, first: Answers, second: Answers | None, confidence: float, rows: NDArray[Any] | None) -> Estimate:
    """Estimate a metric of which only its value on some rows can be had."""
    chosen = numpy.arange(truth.n) if rows is None else rows
    formula = _formula(metric, truth)

    def value(mask: NDArray[Any]) -> float:
        kept = chosen[mask]
        return formula(first, kept) - (0.0 if second is None else formula(second, kept))

    return of_blocks(len(chosen), value, confidence)


def _formula(metric: Metric, truth: Truth) -> Callable[[Answers, NDArray[Any]], float]:
    """Give the function answers, rows → value."""
    if metric.name == "average_precision":
        return lambda answers, rows: confusion.average_precision(truth.flags[rows], _cut(answers.scores, rows))
    if metric.function is None:
        return lambda answers, rows: confusion.f1_macro(truth.codes[rows], answers.codes[rows], len(truth.classes))
    function, names = metric.function, numpy.asarray([*truth.classes, None], dtype=object)

    def custom(answers: Answers, rows: NDArray[Any]) -> float:
        if not truth.classes:
            return float(function(truth.values[rows], answers.values[rows]))
        said = answers.scores if answers.scores is not None and truth.binary else None
        right = truth.flags[rows].astype(int) if said is not None else names[truth.codes[rows]]
        return float(function(right, said[rows] if said is not None else names[answers.codes[rows]]))

    return custom
