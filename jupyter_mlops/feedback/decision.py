"""A policy and what was measured → whether to retrain now, and why (not). A pure function: the same arguments give the same decision.

A window counts for a trigger only if it began after the last retraining for the same cause: evidence that has been answered is not used twice.
Intervals decide, not values: a metric is below a bound when the upper end of its interval is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from jupyter_mlops.feedback.evidence import Attempt, Movement, Reading, State, Window
from jupyter_mlops.feedback.overview import moment
from jupyter_mlops.feedback.policy import Age, Alarm, Condition, Drop, Level, Place, Policy, Rate, Shift, Trigger
from jupyter_mlops.feedback.wording import write_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAY = 86400.0
MOST_NAMED = 4  # causes that a reason names


class Outcome(Enum):
    """What a policy says. Only `RETRAIN` starts anything."""

    QUIET = "quiet"
    INVESTIGATE = "investigate"
    DUPLICATE = "duplicate"
    COOLING = "cooling down"
    ROWS = "too few labelled rows"
    BUDGET = "over budget"
    APPROVAL = "needs approval"
    RETRAIN = "retrain"


@dataclass(frozen=True, slots=True)
class Cause:
    """A condition that holds: `key` says the same for the same cause, `evidence` what was seen."""

    key: str
    evidence: str
    retrains: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome, its reason in a sentence, and the causes that asked for it. `at` is the time that it was taken for."""

    outcome: Outcome
    reason: str
    at: float
    causes: tuple[Cause, ...] = ()

    @property
    def fires(self) -> bool:
        """Whether a retraining starts."""
        return self.outcome is Outcome.RETRAIN

    @property
    def keys(self) -> tuple[str, ...]:
        """The causes' keys."""
        return tuple(cause.key for cause in self.causes)


def decide(policy: Policy, history: Sequence[Window], state: State, now: float) -> Decision:
    """Judge the windows that ended by `now`.

    Parameters
    ----------
    policy : Policy
        What asks for a retraining, and the guards.
    history : sequence of Window
        In any order; windows that end after `now` are left out.
    state : State
        What has been done so far.
    now : float
        Seconds since 1970.

    Returns
    -------
    Decision
        The first guard that holds back names itself; the order is investigation, a retraining that is going on, rate, rows, budget, approval.
    """
    windows = sorted((window for window in history if window.end <= now), key=lambda window: window.start)
    held = [causes for trigger in policy.triggers if (causes := _holds(trigger, windows, state, now))]
    causes = tuple({cause.key: cause for trigger in held for cause in trigger}.values())
    if not causes:
        return Decision(outcome=Outcome.QUIET, reason="no trigger holds", at=now)
    serious = [trigger for trigger in held if policy.input_drift_retrains or any(cause.retrains for cause in trigger)]
    if not serious:
        words = f"only inputs have moved ({_keys(causes)}); look at them, the model may still be right"
        return Decision(outcome=Outcome.INVESTIGATE, reason=words, at=now, causes=causes)
    causes = tuple({cause.key: cause for trigger in serious for cause in trigger}.values())
    outcome, reason = _guarded(policy, windows, state, now, causes)
    return Decision(outcome=outcome, reason=reason, at=now, causes=causes)


def _guarded(policy: Policy, windows: Sequence[Window], state: State, now: float, causes: tuple[Cause, ...]) -> tuple[Outcome, str]:
    running = [attempt for attempt in state.attempts if attempt.outcome == "running"]
    if running:
        return Outcome.DUPLICATE, f"a retraining for {', '.join(running[-1].causes)} is going on"
    if policy.at_most is not None:
        recent = [attempt for attempt in state.attempts if now - attempt.at < policy.at_most.period.seconds]
        if len(recent) >= policy.at_most.amount:
            return (
                Outcome.COOLING,
                f"{len(recent)} within the last {policy.at_most.period.value}, the policy allows {policy.at_most.amount:g}",
            )
    last = max((attempt.at for attempt in state.attempts), default=-math.inf)
    rows = sum(window.labelled for window in windows if window.end > last)
    if rows < policy.rows:
        return Outcome.ROWS, f"{rows} labelled rows since the last retraining, the policy wants {policy.rows}"
    if policy.budget is not None:
        spent = sum(attempt.cost for attempt in state.attempts if now - attempt.at < policy.budget.period.seconds)
        if spent + state.cost > policy.budget.amount:
            return Outcome.BUDGET, _money(policy.budget, spent, state.cost)
    if policy.approval_above is not None and state.cost > policy.approval_above and not _approved(state, causes, last):
        return Outcome.APPROVAL, f"it costs {state.cost:g}, above {policy.approval_above:g} a person must approve"
    return Outcome.RETRAIN, _keys(causes)


def _money(budget: Rate, spent: float, cost: float) -> str:
    return f"{spent:g} spent within the last {budget.period.value} and {cost:g} to come, the budget is {budget.amount:g}"


def _approved(state: State, causes: tuple[Cause, ...], last: float) -> bool:
    """One consent, newer than the last retraining, must cover every cause: what it was given for may not grow unseen."""
    wanted = {cause.key for cause in causes}
    return any(wanted <= set(approval.causes) and approval.at > last for approval in state.approvals)


def _keys(causes: Sequence[Cause]) -> str:
    told = [cause.key for cause in causes[:MOST_NAMED]]
    return ", ".join(told) + f" and {len(causes) - MOST_NAMED} more" * (len(causes) > MOST_NAMED)


def _holds(trigger: Trigger, windows: Sequence[Window], state: State, now: float) -> tuple[Cause, ...]:
    causes: list[Cause] = []
    for condition in trigger.conditions:
        found = _causes(condition, windows, state, now)
        if not found:
            return ()
        causes += found
    return tuple(causes)


def _causes(condition: Condition, windows: Sequence[Window], state: State, now: float) -> list[Cause]:
    match condition:
        case Shift():
            return _shifted(condition, windows, state)
        case Alarm():
            key = write_condition(condition)
            seen = [window for window in _fresh(windows, state, key) if condition.detector.value in window.alarms]
            return [Cause(key, f"alarm in the window from {moment(seen[0].start)}")] if seen else []
        case Level() | Drop():
            return _worse(condition, windows, state)
        case Age():
            return _aged(condition, state, now)
        case _:
            assert_never(condition)


def _fresh(windows: Sequence[Window], state: State, key: str) -> list[Window]:
    """Windows that no retraining for this cause has answered yet."""
    last = max((attempt.at for attempt in state.attempts if _answers(attempt, key)), default=-math.inf)
    return [window for window in windows if window.start >= last]


def _answers(attempt: Attempt, key: str) -> bool:
    # A promoted model answers everything that was seen before it; one that was not promoted only what it was tried for.
    return attempt.outcome == "promoted" or key in attempt.causes


def _shifted(condition: Shift, windows: Sequence[Window], state: State) -> list[Cause]:
    name = condition.measure.value
    columns = (
        ["prediction"] if condition.scope.place is Place.PREDICTION else sorted({each for window in windows for each in window.features})
    )
    causes = []
    for column in columns:
        key = f"{name} of {'the prediction' if condition.scope.place is Place.PREDICTION else f'`{column}`'}"
        moved = [_movement(window, condition, column) for window in _fresh(windows, state, key)]
        judged = [each for each in moved if each is not None and name in each.effects][-condition.windows :]
        if len(judged) == condition.windows and all(each.drifted and each.effects[name] > condition.above for each in judged):
            values = ", ".join(f"{each.effects[name]:.3g}" for each in judged)
            # Moved predictions say that the model behaves otherwise, moved inputs say nothing yet of the model.
            causes.append(Cause(key, f"{values} > {condition.above:g}", retrains=condition.scope.place is Place.PREDICTION))
    return causes


def _movement(window: Window, condition: Shift, column: str) -> Movement | None:
    scope = condition.scope
    if scope.place is Place.PREDICTION:
        return window.prediction
    if scope.place is Place.FEATURE and column != scope.name:
        return None
    movement = window.features.get(column)
    # Without a ranking every column counts: none may hide because nobody said how important it is.
    return movement if movement is None or scope.place is not Place.TOP or movement.rank <= scope.top else None


def _worse(condition: Level | Drop, windows: Sequence[Window], state: State) -> list[Cause]:
    key = write_condition(condition)
    readings: list[Reading] = []
    for window in _fresh(windows, state, key):
        known: Mapping[str, Reading] = window.estimates if condition.estimated else window.metrics
        if condition.metric in known:
            readings.append(known[condition.metric])
    last = readings[-condition.windows :]
    if len(last) < condition.windows or not all(_bad(condition, each, state) for each in last):
        return []
    return [Cause(key, ", ".join(f"{each.value:.3g} ({each.low:.3g} to {each.high:.3g})" for each in last))]


def _bad(condition: Level | Drop, reading: Reading, state: State) -> bool:
    if isinstance(condition, Level):
        return reading.high < condition.bound if condition.below else reading.low > condition.bound
    accepted = state.accepted.get(condition.metric)
    if accepted is None:
        return False
    higher = state.higher_is_better.get(condition.metric, True)
    return accepted - reading.high > condition.by if higher else reading.low - accepted > condition.by


def _aged(condition: Age, state: State, now: float) -> list[Cause]:
    """Count from the serving model, or from the last try to replace it for its age: a try that failed is not repeated at once."""
    key = write_condition(condition)
    tries = [attempt.at for attempt in state.attempts if key in attempt.causes]
    since = max([*tries, *([state.trained_at] if state.trained_at is not None else [])], default=None)
    if since is None or now - since <= condition.days * DAY:
        return []
    return [Cause(key, f"{(now - since) / DAY:.1f} days since the last training")]
