"""A plan and the evidence → the rows of the verdict: rules, slices, fairness, calibration, latency, size, not yet decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import calibration, columns, fairness, packaged, replay, slices
from jupyter_mlops.evaluation.decision import Row
from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.metrics import METRICS, Metric, estimate, find, point
from jupyter_mlops.evaluation.predictions import Answers, Unusable
from jupyter_mlops.evaluation.rules import Rule, default_margin, defaults

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.evidence import Evidence
    from jupyter_mlops.evaluation.settings import Plan

SEED = 0
ALL = "all rows"


def rules_of(plan: Plan, evidence: Evidence) -> list[Rule]:
    """Give the rules that are said, or those that the card (or nothing) implies. Without a champion, its rules speak of the baseline."""
    assert evidence.truth is not None
    if not plan.rules:
        metric = plan.metric or ("accuracy" if evidence.truth.classes else "rmse")
        return defaults(
            metric,
            champion=evidence.champion is not None,
            baseline=evidence.baseline is not None,
            margin=plan.margin,
            good_enough=plan.good_enough,
            higher_is_better=plan.higher_is_better,
        )
    found = []
    for rule in plan.rules:
        if rule.against == "champion" and evidence.champion is None:
            if evidence.baseline is None or any(
                other.metric == rule.metric and other.against.startswith("baseline") for other in plan.rules
            ):
                continue
            rule = replace(rule, against="baseline", rule="superior", margin=0.0)  # noqa: PLW2901 - the same rule, of who is there
        found.append(rule)
    return found


def of_rule(rule: Rule, plan: Plan, evidence: Evidence, *, scope: str = ALL, rows: NDArray[Any] | None = None) -> Row:
    """Estimate one rule on all rows, or on those of a slice."""
    assert evidence.truth is not None
    assert evidence.challenger is not None
    truth, mine = evidence.truth, evidence.challenger
    settings: dict[str, Any] = {"confidence": plan.confidence, "seed": SEED, "rows": rows}
    other = evidence.champion if rule.against == "champion" else evidence.baseline
    higher = rule.metric.higher_is_better
    row = Row(
        metric=rule.metric.name,
        scope=scope,
        rule=rule.rule,
        against=rule.against,
        estimate=undefined(truth.n, plan.confidence, f"there is no {rule.against}"),
        side="above" if higher else "below",
        threshold=rule.value,
        least=plan.least,
        report_only=rule.report_only,
    )
    if rule.rule in {"at_least", "at_most"} or rule.against == "fixed":
        return _fixed(row, rule, estimate(rule.metric, truth, mine, None, **settings))
    value = point(rule.metric, truth, mine, rows)
    if other is None:
        return replace(row, threshold=0.0, value=value)
    if isinstance(other, float):
        alone = estimate(rule.metric, truth, mine, None, **settings)
        shifted = replace(alone, value=alone.value - other, low=alone.low - other, high=alone.high - other)
        return _against(replace(row, value=value, other=other), rule, shifted)
    found = estimate(rule.metric, truth, mine, other, **settings)
    return _against(replace(row, value=value, other=point(rule.metric, truth, other, rows)), rule, found)


def _fixed(row: Row, rule: Rule, alone: Estimate) -> Row:
    """Hold a value against a fixed one."""
    assert rule.value is not None
    if rule.rule == "equal":
        shifted = replace(alone, value=alone.value - rule.value, low=alone.low - rule.value, high=alone.high - rule.value)
        return replace(row, estimate=shifted, value=alone.value, other=rule.value, side="inside", threshold=rule.margin, supposed=0.0)
    side = {"at_least": "above", "at_most": "below"}.get(rule.rule, row.side)
    bound = rule.value - (rule.margin if side == "above" else -rule.margin) * (1 if rule.rule == "non_inferior" else -1)
    fixed = rule.value if rule.rule in {"at_least", "at_most"} else bound
    return replace(row, estimate=alone, value=alone.value, side=side, threshold=fixed)


def _against(row: Row, rule: Rule, found: Estimate) -> Row:
    """Hold a difference against its margin; a relative one is measured in shares of the other's value."""
    if rule.relative:
        assert row.other is not None
        if row.other == 0:
            return replace(
                row, threshold=0.0, estimate=undefined(found.n, found.confidence, "a share of 0 means nothing: give an absolute margin")
            )
        found = found.scaled(1 / abs(row.other))
    unit = "relative" if rule.relative else ""
    if rule.rule == "equal":
        return replace(row, estimate=found, side="inside", threshold=rule.margin, margin=rule.margin, supposed=0.0, unit=unit)
    sign = (1 if row.side == "above" else -1) * (-1 if rule.rule == "non_inferior" else 1)
    supposed = 0.0 if rule.rule == "non_inferior" and rule.margin > 0 else None
    return replace(row, estimate=found, threshold=sign * rule.margin, margin=rule.margin, supposed=supposed, unit=unit)


def of_slices(plan: Plan, evidence: Evidence, main: Rule) -> tuple[list[Row], list[dict[str, Any]]]:
    """Estimate the first rule on every slice; give also those that are too small to be judged."""
    wanted = plan.slicing
    rule = replace(main, report_only=wanted.require == "report_only")
    if rule.rule == "superior":  # a slice need not be better, only not worse
        room, relative = default_margin(rule.metric)
        rule = replace(rule, rule="non_inferior", margin=room, relative=relative)
    if wanted.margin is not None:
        relative = isinstance(wanted.margin, str)
        rule = replace(rule, margin=float(str(wanted.margin).rstrip("%")) / (100 if relative else 1), relative=relative)
    found, small = [], []
    for by in wanted.by:
        for title, rows in slices.cut(evidence.table, by):
            if len(rows) < wanted.least:
                small.append({"slice": title, "n": len(rows)})
                continue
            row = of_rule(rule, plan, evidence, scope=title, rows=rows)
            found.append(replace(row, least=wanted.least, lenient=wanted.require == "no_harm"))
    return found, small


def of_fairness(plan: Plan, evidence: Evidence) -> tuple[list[Row], list[dict[str, Any]]]:
    """Estimate the differences between groups, and give each group's rates."""
    assert evidence.truth is not None
    assert evidence.challenger is not None
    rows: list[Row] = []
    groups: list[dict[str, Any]] = []
    for column, name, limit, least in plan.fairness:
        values = columns.column(evidence.table, column)
        settings: dict[str, Any] = {"confidence": plan.confidence, "seed": SEED, "least": least}
        found, rates = fairness.estimate(name, evidence.truth, evidence.challenger, values, **settings)
        other = None
        if evidence.champion is not None:
            other = fairness.estimate(name, evidence.truth, evidence.champion, values, **{**settings, "seed": None})[0].value
        rows.append(_limited(name, f"groups of {column}", found, limit, other))
        if not any(each["column"] == column for each in groups):
            groups.append({"column": column, "rates": rates})
    return rows, groups


def of_calibration(plan: Plan, evidence: Evidence) -> tuple[list[Row], list[dict[str, float]]]:
    """Estimate the calibration error against its limit, and give the reliability curve, where the challenger has scores."""
    assert evidence.truth is not None
    assert evidence.challenger is not None
    truth, mine = evidence.truth, evidence.challenger
    proper = truth.binary and mine.scores is not None and float(mine.scores.min()) >= 0 and float(mine.scores.max()) <= 1
    points = calibration.curve(truth, mine, plan.confidence) if proper else []
    if plan.calibration is None:
        return [], points
    found = undefined(truth.n, plan.confidence, "calibration needs probabilities of two classes")
    if proper:
        found = calibration.estimate(truth, mine, None, plan.confidence, SEED)
    return [_limited("ece", ALL, found, plan.calibration.get("at_most"), None)], points


def of_package(plan: Plan, evidence: Evidence) -> tuple[list[Row], dict[str, Any]]:
    """Time and weigh the packaged model; give the times' quantiles too."""
    rows, shown = [], {}
    wanted = plan.latency or {}
    model = wanted.get("model", evidence.model)
    limits = [(share, wanted.get(key), title) for share, key, title in ((0.5, "p50_ms", "latency p50"), (0.99, "p99_ms", "latency p99"))]
    if plan.latency is not None:
        try:
            taken = packaged.measure(
                model, _asked_with(model, evidence), **{key: wanted[key] for key in ("batch", "warmup", "n") if key in wanted}
            )
            shown = {f"p{share}": float(numpy.quantile(taken, share / 100)) for share in (5, 25, 50, 75, 90, 95, 99)} | {"n": len(taken)}
            found = {title: packaged.quantile(taken, share, plan.confidence) for share, _, title in limits}
        except (Unusable, TypeError) as error:
            found = {title: undefined(0, plan.confidence, str(error)) for _, _, title in limits}
        rows += [
            replace(_limited(title, "packaged model", found[title], limit, None), unit="ms")
            for _, limit, title in limits
            if limit is not None
        ]
    if plan.size is not None:
        rows.append(_weighed(plan, evidence))
    if plan.skew is not None:
        seen = replay.replay(evidence, plan.skew, plan.confidence)
        rows.append(replace(_limited("training-serving skew", "packaged model", seen, plan.skew["max_abs_diff"], None), note=seen.note))
    return rows, shown


def _weighed(plan: Plan, evidence: Evidence) -> Row:
    assert plan.size is not None
    try:
        size = float(packaged.weigh(plan.size.get("model", evidence.model)))
        found = Estimate(value=size, low=size, high=size, n=1, confidence=plan.confidence, method="bytes of the packaged model")
    except Unusable as error:
        found = undefined(0, plan.confidence, str(error))
    return replace(_limited("model size", "packaged model", found, plan.size.get("max_bytes"), None), unit="bytes")


def _asked_with(model: Any, evidence: Evidence) -> Any:
    named = getattr(model, "feature_names_in_", None)
    return evidence.features if named is None else columns.only(evidence.features, [str(name) for name in named])


def _limited(metric: str, scope: str, found: Estimate, limit: float | None, other: float | None) -> Row:
    return Row(
        metric=metric,
        scope=scope,
        rule="at_most",
        against="fixed",
        estimate=found,
        side="below",
        threshold=limit,
        value=found.value,
        other=other,
    )


def points(plan: Plan, evidence: Evidence) -> dict[str, dict[str, float]]:
    """Give the usual metrics of everybody who answered: for reading, not for the verdict."""
    truth = evidence.truth
    assert truth is not None
    names = ("accuracy", "roc_auc", "log_loss", "brier", "ece", "f1") if truth.classes else ("mae", "rmse", "r2")
    wanted: list[Metric] = [METRICS[name] for name in names]
    wanted += [rule.metric for rule in plan.rules if rule.metric.name not in names]
    if plan.metric is not None and not plan.rules:
        card = find(plan.metric, plan.higher_is_better)
        wanted += [card] if card.name not in names else []
    sides = {"challenger": evidence.challenger, "champion": evidence.champion, "baseline": evidence.baseline}
    return {
        side: {metric.name: value for metric in wanted if (value := point(metric, truth, answers)) == value}
        for side, answers in sides.items()
        if isinstance(answers, Answers)
    }
