"""`Policy` → its text, which `language.py` reads back as the same policy."""

from __future__ import annotations

import re

from jupyter_mlops.feedback.policy import Age, Alarm, Condition, Detector, Drop, Level, Measure, Place, Policy, Scope, Shift

_PLURALS = {"windows": "window", "days": "day", "rows": "row", "features": "feature", "predictions": "prediction", "errors": "error"}
KEYWORDS = {
    *(each.value.lower() for each in (*Measure, *Detector)),
    *"age estimated and or on for any top feature prediction drops by at human budget input".split(),
}
"""Words that name no metric and no column unless they stand between backquotes."""


def singular(word: str) -> str:
    """Give the form in which a word of the language is compared."""
    lowered = word.lower()
    return _PLURALS.get(lowered, lowered)


def write_policy(policy: Policy) -> str:
    """Write a policy so that `parse_policy` gives it back."""
    parts = [", or ".join(" and ".join(map(write_condition, trigger.conditions)) for trigger in policy.triggers)]
    if policy.at_most is not None:
        times = {1: "once", 2: "twice"}.get(int(policy.at_most.amount), f"{int(policy.at_most.amount)} times")
        parts.append(f"at most {times} a {policy.at_most.period.value}".replace(" a hour", " an hour"))
    if policy.rows:
        parts.append(f"at least {policy.rows} new labelled rows")
    if policy.approval_above is not None:
        parts.append(f"human approval above budget {_number(policy.approval_above)}")
    if policy.budget is not None:
        parts.append(f"budget {_number(policy.budget.amount)} per {policy.budget.period.value}")
    if policy.input_drift_retrains:
        parts.append("input drift retrains")
    return "; ".join(parts)


def write_condition(condition: Condition) -> str:
    """Write one condition as in a policy."""
    match condition:
        case Shift():
            return f"{condition.measure.value} > {_number(condition.above)} on {_scope(condition.scope)}{_windows(condition.windows)}"
        case Alarm():
            return f"{condition.detector.value} on error"
        case Level():
            sign = "<" if condition.below else ">"
            return f"{_metric(condition)} {sign} {_number(condition.bound)}{_windows(condition.windows)}"
        case Drop():
            return f"{_metric(condition)} drops by {_number(condition.by)}{_windows(condition.windows)}"
        case Age():
            return f"age > {_number(condition.days)} days"


def _metric(condition: Level | Drop) -> str:
    return "estimated " * condition.estimated + _name(condition.metric)


def _scope(scope: Scope) -> str:
    match scope.place:
        case Place.ANY:
            return "any feature"
        case Place.TOP:
            return f"any top-{scope.top} feature"
        case Place.FEATURE:
            return f"feature {_name(scope.name)}"
        case Place.PREDICTION:
            return "prediction"


def _name(name: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][\w.]*", name) and singular(name) not in KEYWORDS
    return name if plain else f"`{name}`"


def _windows(windows: int) -> str:
    return "" if windows == 1 else f" for {windows} windows"


def _number(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))
