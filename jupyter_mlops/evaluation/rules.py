"""Rules as data (a mapping, a list of mappings, a JSON or YAML file, or the problem card) → `Rule`s, checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_mlops.errors import need
from jupyter_mlops.evaluation.metrics import Metric, find

KINDS = ("non_inferior", "superior", "at_least", "at_most", "equal")
SECTIONS = ("slices", "fairness", "calibration", "latency", "size", "skew", "data", "confidence", "on_inconclusive")
"""What a mapping may hold beside its rules; see `gate`."""
_KEYS = {"metric", "rule", "against", "margin", "value", "higher_is_better", "report_only"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One claim that has to be shown. `margin` is in the metric's unit, or with `relative` a share of the other side's value."""

    metric: Metric
    rule: str
    against: str
    margin: float = 0.0
    relative: bool = False
    value: float | None = None
    report_only: bool = False


def read(rules: Any) -> tuple[list[Rule], dict[str, Any]]:
    """Read rules in any of their forms; give them and the other sections of a mapping.

    Raises
    ------
    ValueError
        For an unknown key, kind, metric or side, with what there is.
    """
    if isinstance(rules, str | Path):
        rules = _file(Path(rules))
    sections: dict[str, Any] = {}
    if isinstance(rules, Mapping):
        sections = {key: rules[key] for key in SECTIONS if key in rules}
        rest = {key: value for key, value in rules.items() if key not in SECTIONS}
        rules = rest.pop("rules", None) or ([rest] if rest else [])
    if not isinstance(rules, Sequence):
        raise TypeError(f"`rules` is a list, a mapping or a file, not `{type(rules).__name__}`")
    return [_rule(each) for each in rules], sections


def defaults(
    metric: str | Callable[..., float],
    *,
    champion: bool,
    baseline: bool,
    margin: float | None = None,
    good_enough: float | None = None,
    higher_is_better: bool | None = None,
) -> list[Rule]:
    """Make the rules that a problem card implies: not worse than the champion, better than the baseline, good enough."""
    known = find(metric, higher_is_better)
    room, relative = (margin, False) if margin is not None else default_margin(known)
    made = []
    if champion:
        made.append(Rule(metric=known, rule="non_inferior", against="champion", margin=room, relative=relative))
    if baseline:
        made.append(Rule(metric=known, rule="superior", against="baseline"))
    if good_enough is not None:
        made.append(Rule(metric=known, rule="at_least" if known.higher_is_better else "at_most", against="fixed", value=good_enough))
    return made


def default_margin(metric: Metric) -> tuple[float, bool]:
    """Give the margin of a metric for which none is said: half a point, or 1 % where the metric has a unit of its own."""
    return (0.005, False) if metric.unit else (0.01, True)


def _rule(given: Any) -> Rule:
    if isinstance(given, Rule):
        return given
    if not isinstance(given, Mapping):
        raise TypeError(f"a rule is a mapping, not `{type(given).__name__}`")
    unknown = sorted(set(given) - _KEYS - {"at_least", "at_most"})
    if unknown:
        raise ValueError(f"a rule has no `{unknown[0]}`; it has {', '.join(f'`{key}`' for key in sorted(_KEYS))}")
    if "metric" not in given:
        raise ValueError("a rule names its `metric`")
    metric = find(given["metric"], given.get("higher_is_better"))
    value = given.get("value")
    kind = given.get("rule")
    for short in ("at_least", "at_most"):  # {metric: ece, at_most: 0.03}
        if short in given:
            kind, value = short, given[short]
    if kind not in KINDS:
        raise ValueError(f"a rule is one of {', '.join(f'`{each}`' for each in KINDS)}, not `{kind}`")
    against = str(given.get("against", "fixed" if kind in {"at_least", "at_most"} else "champion"))
    if against.partition(":")[0] not in {"champion", "baseline", "fixed"}:
        raise ValueError(f"a rule is `against` `champion`, `baseline` or `fixed`, not `{against}`")
    if against == "fixed" and value is None:
        raise ValueError(f"the rule `{kind}` on `{metric.name}` needs a `value`")
    margin, relative = _margin(given.get("margin"), metric, kind)
    report_only = bool(given.get("report_only", False))
    return Rule(metric=metric, rule=kind, against=against, margin=margin, relative=relative, value=value, report_only=report_only)


def _margin(given: Any, metric: Metric, kind: str) -> tuple[float, bool]:
    """Read ``0.005`` or ``"1%"``."""
    if given is None:
        return default_margin(metric) if kind in {"non_inferior", "equal"} else (0.0, False)
    relative = isinstance(given, str) and given.strip().endswith("%")
    try:
        number = float(str(given).strip().rstrip("%")) / (100 if relative else 1)
    except ValueError:
        raise ValueError(f"a `margin` is a number or a percentage such as `1%`, not `{given}`") from None
    if not 0 <= number < float("inf"):
        raise ValueError(f"a `margin` is not negative; it is {given}")
    return number, relative


def _file(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"the rules `{path.name}` cannot be read: {error.strerror}") from None
    if path.suffix.lower() in {".yaml", ".yml"}:
        return need("yaml", "gate").safe_load(text)
    return json.loads(text)
