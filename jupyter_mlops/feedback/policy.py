"""When to retrain, as data: triggers, each all of its conditions, and the guards over them.

The same as text is in `language.py`, as JSON in `document.py`; what follows from it in `decision.py`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class PolicyError(ValueError):
    """A policy that cannot be read; the message names the place, what stands there and what was expected."""


class Measure(Enum):
    """How far a distribution has moved; the words of the text form."""

    PSI = "PSI"
    KS = "KS"
    JENSEN_SHANNON = "Jensen-Shannon"
    WASSERSTEIN = "Wasserstein"
    CRAMER = "Cramer"


class Detector(Enum):
    """What watches a stream of errors."""

    ADWIN = "ADWIN"
    DDM = "DDM"
    EDDM = "EDDM"
    PAGE_HINKLEY = "Page-Hinkley"


class Period(Enum):
    """A length of time that something may happen in; a month is 30 days."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def seconds(self) -> float:
        """Its length."""
        return {"hour": 3600.0, "day": 86400.0, "week": 7 * 86400.0, "month": 30 * 86400.0}[self.value]


class Place(Enum):
    """Whose distribution is meant."""

    ANY = "any"
    TOP = "top"
    FEATURE = "feature"
    PREDICTION = "prediction"


@dataclass(frozen=True, slots=True)
class Scope:
    """The columns that a shift is looked for in: any feature, any of the `top` most important, the one called `name`, or the prediction."""

    place: Place = Place.ANY
    top: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """The same column has moved further than `above` in each of the last `windows` windows that could be judged."""

    measure: Measure
    above: float
    scope: Scope = Scope()
    windows: int = 1


@dataclass(frozen=True, slots=True)
class Alarm:
    """A stream detector has seen the error change."""

    detector: Detector


@dataclass(frozen=True, slots=True)
class Level:
    """A metric of labelled rows (or, `estimated`, of predictions alone) is surely below, or (not `below`) surely above, `bound`."""

    metric: str
    bound: float
    below: bool = True
    estimated: bool = False
    windows: int = 1


@dataclass(frozen=True, slots=True)
class Drop:
    """A metric is surely worse by `by` than when the model was accepted."""

    metric: str
    by: float
    estimated: bool = False
    windows: int = 1


@dataclass(frozen=True, slots=True)
class Age:
    """The model was trained more than `days` days ago."""

    days: float


Condition = Shift | Alarm | Level | Drop | Age
KINDS: dict[str, type[Condition]] = {"shift": Shift, "alarm": Alarm, "level": Level, "drop": Drop, "age": Age}


@dataclass(frozen=True, slots=True)
class Trigger:
    """Conditions that must all hold at once."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` (times, or units of money) in any `period`."""

    amount: float
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Any trigger asks for a retraining; the guards say whether it may start.

    Parameters
    ----------
    triggers : tuple of Trigger
        At least one.
    at_most : Rate, optional
        How often retraining may start.
    rows : int
        Labelled rows that must have arrived since the last retraining.
    approval_above : float, optional
        Cost of one retraining above which a person must approve it, in the unit of the budget.
    budget : Rate, optional
        What retraining may cost in any period.
    input_drift_retrains : bool
        Whether moved inputs alone retrain. Else they open an investigation: inputs that move need not hurt.
    """

    triggers: tuple[Trigger, ...]
    at_most: Rate | None = None
    rows: int = 0
    approval_above: float | None = None
    budget: Rate | None = None
    input_drift_retrains: bool = False

    def __post_init__(self) -> None:
        check(self)

    def __str__(self) -> str:
        from jupyter_mlops.feedback.wording import write_policy

        return write_policy(self)

    def as_dict(self) -> dict[str, Any]:
        """Give the policy as JSON data, schema ``nb2pipe.policy/1``; what is left out has its default."""
        from jupyter_mlops.feedback.document import write_document

        return write_document(self)


def read_policy(policy: str | Mapping[str, Any] | Policy, *, budget: float | None = None) -> Policy:
    """Read a policy from its text, from JSON data, or take it as it is; `budget` is what the text may leave out after "above budget".

    Raises
    ------
    PolicyError
        With the place, what stands there, and what was expected.
    """
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, str):
        from jupyter_mlops.feedback.language import parse_policy

        return parse_policy(policy, budget=budget)
    if isinstance(policy, Mapping):
        from jupyter_mlops.feedback.document import read_document

        return read_document(policy)
    raise PolicyError(f"a policy is text or a mapping, found `{type(policy).__name__}`")


def check(policy: Policy) -> None:
    """Find numbers that mean nothing.

    Raises
    ------
    PolicyError
        For an empty policy, a count below one, or a number that is not finite.
    """
    if not policy.triggers or not all(trigger.conditions for trigger in policy.triggers):
        raise PolicyError("the policy has no trigger; expected at least one, such as `ADWIN on error`")
    for trigger in policy.triggers:
        for condition in trigger.conditions:
            _check_condition(condition)
    budget = None if policy.budget is None else policy.budget.amount
    numbers = {"budget": budget, "approval_above": policy.approval_above, "rows": policy.rows}
    for name, number in numbers.items():
        if number is not None and not (math.isfinite(number) and number >= 0):
            raise PolicyError(f"`{name}` is {number}; expected a number of at least 0")
    if policy.at_most is not None and (policy.at_most.amount < 1 or policy.at_most.amount != int(policy.at_most.amount)):
        raise PolicyError(f"`at_most` is {policy.at_most.amount} times; expected a whole number of at least 1")


def _check_condition(condition: Condition) -> None:
    kind = next(name for name, each in KINDS.items() if isinstance(condition, each))
    if isinstance(condition, Shift | Level | Drop) and condition.windows < 1:
        raise PolicyError(f"`{kind}` wants {condition.windows} windows; expected a whole number of at least 1")
    if isinstance(condition, Shift):
        _check_scope(condition.scope)
    if isinstance(condition, Level | Drop) and (not condition.metric or "`" in condition.metric):
        raise PolicyError(f"`{kind}` has the metric {condition.metric!r}; expected a name without backquotes, such as `accuracy`")
    for field in dataclasses.fields(condition):
        value = getattr(condition, field.name)
        if not isinstance(value, float | int):
            continue
        if not math.isfinite(value) or (value < 0 and field.name != "bound"):
            raise PolicyError(f"`{field.name}` of `{kind}` is {value}; expected a number of at least 0")


def _check_scope(scope: Scope) -> None:
    if "`" in scope.name:
        raise PolicyError(f"a shift is on the feature {scope.name!r}; expected a name without backquotes")
    if (scope.place is Place.TOP) != (scope.top > 0) or (scope.place is Place.FEATURE) != bool(scope.name):
        raise PolicyError(
            f"a shift on `{scope.place.value}` has top {scope.top} and name `{scope.name}`; expected what the place needs, no more"
        )
