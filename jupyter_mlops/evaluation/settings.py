"""The arguments of `gate`, its rules' file and the problem card → one `Plan`; what is said explicitly wins over the file, the file over the card."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyter_mlops.evaluation import columns, fairness, replay, rules, slices
from jupyter_mlops.evaluation.hygiene import Check

if TYPE_CHECKING:
    from jupyter_mlops.framing import Problem

POLICIES = ("block", "shadow", "need_n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for, complete. `fairness` holds (column, metric, limit or None, least rows) each."""

    name: str
    rules: tuple[rules.Rule, ...]
    metric: Any
    higher_is_better: bool | None
    margin: float | None
    good_enough: float | None
    target: str | None
    positive: Any
    time: str | None
    slicing: slices.Slicing
    fairness: tuple[tuple[str, str, float | None, int], ...]
    calibration: Mapping[str, Any] | None
    latency: Mapping[str, Any] | None
    size: Mapping[str, Any] | None
    skew: Mapping[str, Any] | None
    max_age_days: float | None
    max_uses: int | None
    max_eval_drift: float | None
    confidence: float
    on_inconclusive: str
    least: int
    correction: str
    notes: tuple[Check, ...]


def resolve(given: dict[str, Any], data: Any, card: Problem | None) -> Plan:
    """Put the sources together.

    Raises
    ------
    ValueError, TypeError
        For what is out of range, unknown, or no column of the data.
    """
    made, sections = rules.read(given["rules"]) if given["rules"] is not None else ([], {})
    limits = sections.get("data", {})

    def first(*found: Any) -> Any:
        return next((each for each in found if each is not None), None)

    confidence = first(given["confidence"], sections.get("confidence"), card.confidence if card else None, 0.95)
    policy = first(given["on_inconclusive"], sections.get("on_inconclusive"), "block")
    _check(confidence, policy)
    notes: list[Check] = []
    if card is None and not made:
        found = "no problem card and no rules: the metric and the margin are this library's defaults"
        notes.append(Check(name="problem card", status="warning", found=found, fix="say what is to be reached: `ml.problem(...)`"))
    have = columns.names(data) if data is not None else []
    time = _time(first(given["time"], limits.get("order_by")), card, have, notes)
    return Plan(
        name=first(given["name"], card.name if card else None, "gate"),
        rules=tuple(made),
        metric=card.metric if card else None,
        higher_is_better=card.higher_is_better if card else None,
        margin=card.margin if card else None,
        good_enough=card.good_enough if card else None,
        target=first(given["target"], card.target if card else None),
        positive=card.positive if card else None,
        time=time,
        slicing=slices.read(first(given["slices"], sections.get("slices"), _present(card.slices if card else (), have, "slices", notes))),
        fairness=_fairness(first(given["fairness"], sections.get("fairness")), card, have, notes),
        calibration=_limit(first(given["calibration"], sections.get("calibration")), "calibration", "at_most"),
        latency=_latency(first(given["latency"], sections.get("latency")), card),
        size=_limit(first(given["size"], sections.get("size"), card.max_model_bytes if card else None), "size", "max_bytes"),
        skew=_skew(sections.get("skew"), given["skew"]),
        max_age_days=first(given["max_age_days"], limits.get("max_age_days"), card.max_evaluation_age_days if card else None),
        max_uses=first(given["max_uses"], limits.get("max_uses")),
        max_eval_drift=first(given["max_eval_drift"], limits.get("max_eval_drift"), card.drift_minimum_effect if card else None),
        confidence=float(confidence),
        on_inconclusive=policy,
        least=int(first(given["min_n"], sections.get("min_n"), 200)),
        correction=given["correction"],
        notes=tuple(notes),
    )


def _check(confidence: Any, policy: Any) -> None:
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0.5 < confidence < 1 or math.isnan(confidence):
        raise ValueError(f"`confidence` is a number between 0.5 and 1, one-sided, not `{confidence!r}`")
    if policy not in POLICIES:
        raise ValueError(f"`on_inconclusive` is one of {', '.join(f'`{each}`' for each in POLICIES)}, not `{policy}`")


def _time(said: str | None, card: Problem | None, have: list[str], notes: list[Check]) -> str | None:
    """Take the time column that is said; the card's only where the data has it."""
    if said is not None:
        return said
    named = card.time_column if card else None
    if named is None or named in have:
        return named
    notes.append(
        Check(
            name="time order", status="warning", found=f"the card's time column `{named}` is not in the data: order and age are not known"
        )
    )
    return None


def _present(wanted: tuple[str, ...], have: list[str], what: str, notes: list[Check]) -> tuple[str, ...]:
    """Keep the card's columns that the data has, and say which it lacks."""
    lacking = [name for name in wanted if name not in have]
    if lacking:
        found = f"the card names {', '.join(f'`{name}`' for name in lacking)}, which the data does not have: not checked"
        notes.append(Check(name=what, status="warning", found=found))
    return tuple(name for name in wanted if name in have)


def _fairness(given: Any, card: Problem | None, have: list[str], notes: list[Check]) -> tuple[tuple[str, str, float | None, int], ...]:
    limit = card.max_fairness_difference if card else None
    if given is None:
        groups = _present(card.fairness_groups if card else (), have, "fairness", notes)
        given = [
            {"group": group, "metric": name} for group in groups for name in ("demographic_parity_difference", "equalized_odds_difference")
        ]
    parts = [given] if isinstance(given, str | Mapping) else list(given)
    found: list[tuple[str, str, float | None, int]] = []
    for part in parts:
        options: dict[str, Any] = {"group": part} if isinstance(part, str) else dict(part)
        unknown = sorted(set(options) - {"group", "metric", "at_most", "min_n"})
        if unknown or "group" not in options:
            raise ValueError("`fairness` has `group`, `metric`, `at_most`, `min_n`" + (f", not `{unknown[0]}`" if unknown else ""))
        name = fairness.NAMES.get(options.get("metric", "equalized_odds_difference"))
        if name is None:
            raise ValueError(f"the fairness metric `{options['metric']}` is not one of {', '.join(sorted(set(fairness.NAMES.values())))}")
        groups = (options["group"],) if isinstance(options["group"], str) else tuple(options["group"])
        found += [(group, name, options.get("at_most", limit), int(options.get("min_n", 30))) for group in groups]
    return tuple(found)


def _limit(given: Any, what: str, key: str) -> Mapping[str, Any] | None:
    """Read a section that may be its limit alone."""
    if given is None or isinstance(given, Mapping):
        return given
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError(f"`{what}` is a number or a mapping, not `{type(given).__name__}`")
    return {key: given}


def _skew(filed: Any, given: Any) -> Mapping[str, Any] | None:
    """Read the replay: a file says how many rows and how near, the argument what serves."""
    if filed is None and given is None:
        return None
    for part in (filed, given):
        if part is not None and not isinstance(part, Mapping):
            raise TypeError("`skew` is a mapping such as `{'served': endpoint, 'rows': 500, 'max_abs_diff': 1e-6}`")
    found = {**(filed or {}), **(given or {})}
    unknown = sorted(set(found) - set(replay.KEYS))
    if unknown:
        raise ValueError(f"`skew` has no `{unknown[0]}`; it has {', '.join(f'`{key}`' for key in replay.KEYS)}")
    limit = found.setdefault("max_abs_diff", replay.TOLERANCE)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 0:
        raise ValueError(f"`max_abs_diff` is a number that is not negative, not `{limit!r}`")
    return found


def _latency(given: Any, card: Problem | None) -> Mapping[str, Any] | None:
    if given is not None:
        if not isinstance(given, Mapping):
            raise TypeError("`latency` is a mapping such as `{'p99_ms': 80, 'model': packaged}`")
        unknown = sorted(set(given) - {"p50_ms", "p99_ms", "batch", "warmup", "n", "model"})
        if unknown:
            raise ValueError(f"`latency` has no `{unknown[0]}`; it has `p50_ms`, `p99_ms`, `batch`, `warmup`, `n`, `model`")
        return given
    if card is None or (card.latency_p50_milliseconds is None and card.latency_p99_milliseconds is None):
        return None
    return {"p50_ms": card.latency_p50_milliseconds, "p99_ms": card.latency_p99_milliseconds, "implied": True}
