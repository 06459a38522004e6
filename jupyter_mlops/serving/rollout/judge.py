"""The evidence of a stage → one finding, with the reason in a sentence and every guard's numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.serving.rollout import guards
from jupyter_mlops.serving.rollout.blocks import fold, prediction_names
from jupyter_mlops.serving.rollout.events import Finding, Judged, Stage
from jupyter_mlops.serving.rollout.traffic import share

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.machine import State
    from jupyter_mlops.serving.rollout.spec import Spec
    from jupyter_mlops.serving.rollout.store import Store

SETTLE_SECONDS = 2
"""Servers write a second's counts when it is over; younger seconds are not read."""
REMEMBERED_SECONDS = 3600
"""How long before the rollout the stable version's evidence still tells how it is."""
ERRORS_SHARE = 0.5
"""The part of alpha that errors get; the other guards share the rest."""


class Judgement(NamedTuple):
    """What all guards say; `guards` is empty while not even one analysis interval is over."""

    finding: Finding
    reason: str
    requests: int
    newest: float
    guards: list[guards.Guard]

    def evidence(self, state: State) -> dict[str, Any]:
        """Give JSON values for the log of changes."""
        said = [_view(guard) for guard in self.guards]
        newest = self.newest if math.isfinite(self.newest) else None
        return {"requests": self.requests, "newest": newest, "window": state.window, "guards": said}

    def event(self, state: State, now: float) -> Judged:
        """Make the event for the state machine."""
        return Judged(now, self.finding, self.newest, self.reason, self.evidence(state))


def judge(store: Store, model: str, state: State, spec: Spec, now: float) -> Judgement:
    """Look at everything that was measured since the stage began, in whole analysis intervals."""
    start = math.ceil(state.window)
    until = math.floor(now) - SETTLE_SECONDS
    rows = store.evidence_since(model, state.candidate, start, until)
    newest = max((float(row.second) for row in rows if row.requests), default=float("-inf"))
    requests = sum(row.requests for row in rows)
    blocks = whole_intervals(state, spec, now)
    if not requests or blocks < 1:
        reason = "the first analysis interval is not over" if requests else "no request of the candidate was measured"
        return Judgement(Finding.UNCLEAR if requests else Finding.SILENT, reason, requests, newest, [])
    arms = _arms(store, model, state, spec, rows, (start, until, blocks))
    said = _ask_guards(arms, state, spec)
    return _conclude(said, int(arms.candidate.requests.sum()), newest, spec)


def whole_intervals(state: State, spec: Spec, now: float) -> int:
    """Count the analysis intervals of the stage that are over, and whose evidence is there."""
    return math.floor((math.floor(now) - SETTLE_SECONDS - math.ceil(state.window)) / spec.interval_seconds)


def _arms(store: Store, model: str, state: State, spec: Spec, rows: list[Any], span: tuple[int, int, int]) -> guards.Arms:
    start, until, blocks = span
    stable = store.evidence_since(model, state.stable, start, until)
    before = store.evidence_since(model, state.stable, math.floor(state.started) - REMEMBERED_SECONDS, start)
    names = prediction_names(rows, stable, before)
    ours, theirs = (fold(each, start, spec.interval_seconds, blocks, names) for each in (rows, stable))
    reference = fold(before, math.floor(state.started) - REMEMBERED_SECONDS, 2**40, 1, names)
    return guards.Arms(ours, theirs, reference, concurrent=share(state, spec) < 1)


def _ask_guards(arms: guards.Arms, state: State, spec: Spec) -> list[guards.Guard]:
    limits = spec.guards
    asked: list[Any] = [guards.latency]
    asked += [guards.predictions] if limits.prediction_effect is not None else []
    asked += [guards.metric] if state.serving is not Stage.SHADOW else []  # what nobody was told has no truth
    asked += [guards.agreement] if limits.agreement_at_least is not None and state.serving is Stage.SHADOW else []
    rest = limits.alpha * (1 - ERRORS_SHARE) / len(asked)
    said = [guards.errors(arms, limits, limits.alpha * ERRORS_SHARE), *(ask(arms, limits, rest) for ask in asked)]
    return [guard for guard in said if guard is not None]


def _conclude(said: list[guards.Guard], requests: int, newest: float, spec: Spec) -> Judgement:
    harm = [guard for guard in said if guard.finding is Finding.HARM]
    if harm:
        return Judgement(Finding.HARM, "; ".join(f"{guard.signal}: {guard.words}" for guard in harm), requests, newest, said)
    if requests < spec.min_requests:
        return Judgement(Finding.UNCLEAR, f"{requests:,} requests, {spec.min_requests:,} are needed", requests, newest, said)
    open_ = [guard for guard in said if guard.finding is not Finding.GOOD]
    if open_:
        return Judgement(Finding.UNCLEAR, f"cannot tell yet from {open_[0].signal}: {open_[0].words}", requests, newest, said)
    return Judgement(Finding.GOOD, f"{requests:,} requests speak for it: {said[0].words}", requests, newest, said)


def _view(guard: guards.Guard) -> dict[str, Any]:
    favour = None if guard.favour is None else _evidence(guard.favour[-1])
    return {
        "signal": guard.signal,
        "finding": guard.finding.value,
        "against": _evidence(guard.against.max()),
        "against_now": _evidence(guard.against[-1]),
        "against_needed": _evidence(guard.bar),
        "for": favour,
        "for_needed": None if favour is None else _evidence(guard.favour_bar),
        "rates": [round(float(value), 6) for value in guard.rates],
        "words": guard.words,
    }


def _evidence(logarithm: float) -> float:
    """Write evidence with three digits; nothing above a million says more."""
    return float(f"{math.exp(min(float(logarithm), math.log(1e6))):.3g}")
