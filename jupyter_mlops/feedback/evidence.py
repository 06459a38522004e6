"""What a policy is judged on: windows of served predictions, and what has been done about them so far. Plain frozen values, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured number with the interval in which its true value lies (as wide as few rows make it)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How far one column has moved in one window.

    `effects` are numbers by the words of the text form (``PSI``, ``KS``, …); what could not be measured is absent. `drifted` is False where the
    movement is no more than noise, whatever its size. `rank` is the column's place by importance, from 1; 0 when nobody said.
    """

    effects: Mapping[str, float]
    drifted: bool = True
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one window of time says. Times are seconds since 1970; `end` is no longer part of it.

    `alarms` are the detectors that went off in it, by the words of the text form. `metrics` are of rows whose label is known, `estimates` of
    predictions alone. `prediction` is None when there was nothing to compare.
    """

    start: float
    end: float
    rows: int = 0
    labelled: int = 0
    features: Mapping[str, Movement] = field(default_factory=dict)
    prediction: Movement | None = None
    alarms: tuple[str, ...] = ()
    metrics: Mapping[str, Reading] = field(default_factory=dict)
    estimates: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One retraining that was started. `outcome` is "running" until it is known: promoted, rolled back, rejected, failed."""

    at: float
    causes: tuple[str, ...]
    cost: float = 0.0
    outcome: str = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's consent to one retraining for these causes."""

    at: float
    by: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What has happened so far.

    Parameters
    ----------
    trained_at : float, optional
        When the serving model was trained, in seconds since 1970.
    accepted : mapping
        Metrics of that model when it was accepted, by name: what "drops by" is counted from.
    higher_is_better : mapping
        For a metric whether more is better; True when it is not named.
    cost : float
        What the next retraining is expected to cost.
    attempts, approvals : tuple
        In order of time.
    """

    trained_at: float | None = None
    accepted: Mapping[str, float] = field(default_factory=dict)
    higher_is_better: Mapping[str, bool] = field(default_factory=dict)
    cost: float = 0.0
    attempts: tuple[Attempt, ...] = ()
    approvals: tuple[Approval, ...] = ()
