"""Stage 1: what is to be reached → a card that gates, drift reports and rollouts take their defaults from.

The card is a process-wide setting, as matplotlib's rcParams are: the statement that makes it stands in the notebook, and the compiler plays
it in every step that asks for it. Nothing is stored beside that.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from jupyter_mlops.report import Report, deliver

HIGHER = frozenset(
    """accuracy auc auc_pr auc_roc average_precision balanced_accuracy cohen_kappa coverage d2 explained_variance f1 f1_macro f1_micro
    f1_weighted f_beta fbeta gini hit_rate iou jaccard kappa lift map matthews_corrcoef mcc mean_average_precision ndcg npv pr_auc precision
    profit r2 r2_score recall revenue roc_auc sensitivity specificity top_k_accuracy uplift""".split()
)
LOWER = frozenset(
    """binary_crossentropy brier brier_score brier_score_loss categorical_crossentropy churn_rate cost cross_entropy deviance ece error
    error_rate expected_calibration_error false_negative_rate false_positive_rate fnr fpr hamming_loss hinge_loss hinge latency log_loss
    logloss loss mae mape max_error mean_absolute_error mean_absolute_percentage_error mean_squared_error median_absolute_error mse
    perplexity pinball_loss poisson_deviance quantile_loss rmse rmsle root_mean_squared_error smape wape wer""".split()
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Problem(Report):
    """What a model is for and when it is good enough. Absent is None or empty; units are in the names."""

    kind: ClassVar[str] = "problem"

    name: str
    metric: str
    higher_is_better: bool
    target: str | None = None
    positive: str | int | float | bool | None = None
    business_metric: str = ""
    offline_proxy: str = ""
    usage: str = ""
    baseline: float | str | None = None
    good_enough: float | None = None
    margin: float | None = None
    confidence: float = 0.95
    latency_p50_milliseconds: float | None = None
    latency_p99_milliseconds: float | None = None
    max_model_bytes: int | None = None
    max_training_cost: float | None = None
    max_monthly_cost: float | None = None
    currency: str = "USD"
    data_needed: str = ""
    data_available: str = ""
    time_column: str | None = None
    slices: tuple[str, ...] = ()
    fairness_groups: tuple[str, ...] = ()
    max_fairness_difference: float | None = None
    max_evaluation_age_days: float | None = None
    drift_minimum_effect: float | None = None

    def view(self) -> dict[str, Any]:
        """Give the card's fields, absent ones left out."""
        kept = {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items() if value not in (None, "", ())
        }
        return {"title": self.name, **kept}

    def better(self, a: float, b: float) -> bool:
        """Tell whether the value `a` of the metric is better than `b`."""
        return a > b if self.higher_is_better else a < b


_playing: list[Problem] = []  # at most one: the setting that `current` gives


def current() -> Problem | None:
    """Give the card that was set last, or None."""
    return _playing[-1] if _playing else None


def forget() -> None:
    """Take the card away: verbs have no defaults again."""
    _playing.clear()


def problem(
    name: str,
    *,
    metric: str,
    target: str | None = None,
    higher_is_better: bool | None = None,
    slices: tuple[str, ...] | list[str] | str = (),
    fairness_groups: tuple[str, ...] | list[str] | str = (),
    **more: Any,
) -> Problem:
    """Set what is to be reached: from here on verbs take their defaults from this card.

    Parameters
    ----------
    name : str
        What the model decides, in a few words: ``"churn"``.
    metric : str
        The target metric, such as ``"roc_auc"``.
    target : str, optional
        The column that is predicted.
    higher_is_better : bool, optional
        The metric's direction; known for the usual metrics, required for others.
    slices, fairness_groups : str or list of str
        Columns whose values make the slices that a gate looks at, and the groups that must be treated alike.
    positive : str, int, float or bool
        The label that counts as positive.
    business_metric, offline_proxy, usage, data_needed, data_available : str
        What the business counts, why `metric` stands for it offline, who uses a prediction and how, which data it takes, which there are.
    baseline : float or str
        The metric's value without a model, or how to get one: ``"majority"``.
    good_enough : float
        The value of `metric` from which the model is worth its trouble.
    margin : float
        The largest difference of `metric` that does not matter, in its unit; not negative.
    confidence : float
        One-sided, between 0.5 and 1; 0.95 unless said.
    latency_p50_milliseconds, latency_p99_milliseconds : float
        What one prediction may take.
    max_model_bytes : int
        How big the packaged model may be.
    max_training_cost, max_monthly_cost : float
        The budgets for one training and for a month of service, in `currency` (``"USD"`` unless said).
    time_column : str
        The column that says when a row became known; held-out rows must be later.
    max_fairness_difference : float
        The largest difference of rates between groups, between 0 and 1.
    max_evaluation_age_days : float
        How old the held-out rows may be.
    drift_minimum_effect : float
        The smallest effect that counts as drift.

    Returns
    -------
    Problem
        The card.

    Raises
    ------
    TypeError
        For an argument that a card does not have, or of another kind.
    ValueError
        For a value outside its range, for a metric of unknown direction, or when `good_enough` is worse than `baseline`.
    """
    known = {field.name for field in fields(Problem)}
    unknown = sorted(set(more) - known)
    if unknown:
        raise TypeError(f"a problem has no `{unknown[0]}`; it has {', '.join(f'`{each}`' for each in sorted(known))}")
    card = Problem(
        name=name,
        metric=metric,
        target=target,
        higher_is_better=direction(metric) if higher_is_better is None else higher_is_better,
        slices=_names("slices", slices),
        fairness_groups=_names("fairness_groups", fairness_groups),
        **more,
    )
    _check(card)
    _playing[:] = [card]
    return deliver(card)


def direction(metric: str) -> bool:
    """Tell whether more of a well-known metric is better: ``roc_auc`` yes, ``val_loss`` no.

    Raises
    ------
    ValueError
        For a metric that is not known.
    """
    word = str(metric).lower().replace("-", "_").replace(" ", "_").replace("@", "_")
    for prefix in ("val_", "test_", "train_", "validation_", "eval_", "mean_test_", "cv_"):
        word = word.removeprefix(prefix)
    if word.startswith("neg_") or word in HIGHER or word.rstrip("0123456789_") in HIGHER:
        return True
    if word in LOWER or word.endswith(("_loss", "_error")):
        return False
    raise ValueError(f"the direction of the metric `{metric}` is not known; say `higher_is_better=True` or `False`")


def _names(argument: str, given: Any) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else tuple(given)
    wrong = [each for each in names if not isinstance(each, str)]
    if wrong:
        raise TypeError(f"`{argument}` takes names of columns, not `{wrong[0]!r}`")
    return tuple(dict.fromkeys(names))


_RANGES = {
    "margin": (0, math.inf),
    "confidence": (0.5, 1),
    "latency_p50_milliseconds": (0, math.inf),
    "latency_p99_milliseconds": (0, math.inf),
    "max_model_bytes": (0, math.inf),
    "max_training_cost": (0, math.inf),
    "max_monthly_cost": (0, math.inf),
    "max_fairness_difference": (0, 1),
    "max_evaluation_age_days": (0, math.inf),
    "drift_minimum_effect": (0, math.inf),
    "good_enough": (-math.inf, math.inf),
}


def _check(card: Problem) -> None:
    """Refuse what cannot be meant."""
    texts = ("name", "metric", "business_metric", "offline_proxy", "usage", "currency", "data_needed", "data_available")
    for key in (*texts, *(each for each in ("target", "time_column") if getattr(card, each) is not None)):
        if not isinstance(getattr(card, key), str):
            raise TypeError(f"`{key}` is a text, not `{getattr(card, key)!r}`")
    for key in ("name", "metric"):
        if not getattr(card, key).strip():
            raise ValueError(f"`{key}` is empty")
    for key, (low, high) in _RANGES.items():
        value = getattr(card, key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"`{key}` is a number, not `{value!r}`")
        if not low <= value <= high or math.isnan(value) or (key == "confidence" and value == 1):
            raise ValueError(f"`{key}={value}` is not between {low} and {high}")
    baseline: Any = card.baseline
    if isinstance(baseline, bool) or not isinstance(baseline, int | float | str | None):
        raise TypeError(f"`baseline` is a number or a name such as `majority`, not `{card.baseline!r}`")
    if card.good_enough is not None and isinstance(card.baseline, int | float) and card.better(card.baseline, card.good_enough):
        way = "higher" if card.higher_is_better else "lower"
        raise ValueError(f"`good_enough={card.good_enough}` is worse than `baseline={card.baseline}`: of `{card.metric}`, {way} is better")
    low_latency, high_latency = card.latency_p50_milliseconds, card.latency_p99_milliseconds
    if low_latency is not None and high_latency is not None and low_latency > high_latency:
        raise ValueError(f"`latency_p50_milliseconds={low_latency}` is above `latency_p99_milliseconds={high_latency}`")
