"""(state of a rollout, what happened) → (next state, the change to write down). Pure: no clock, no file, no network.

DRAFT → GATED → SHADOW → CANARY (one step after the other) → BAKING → STABLE; the version that was stable becomes SUPERSEDED in the same
change. From GATED, SHADOW, CANARY and BAKING: HELD (a person paused, nothing was measured, or nothing could be told in time) and
ROLLING_BACK → ROLLED_BACK, which freezes the version until a person brings it back. The eight things that
always hold are properties in ``tests/serving/rollout/test_invariants.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, assert_never

from jupyter_mlops.serving.rollout.events import (
    Asked,
    Drafted,
    Event,
    Finding,
    Gated,
    Judged,
    Move,
    Outcome,
    Restored,
    Smoked,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.serving.rollout.spec import Spec

GIVES_TRAFFIC = (Stage.SHADOW, Stage.CANARY, Stage.BAKING)
UNDER_WAY = (Stage.GATED, *GIVES_TRAFFIC, Stage.HELD, Stage.ROLLING_BACK)


@dataclass(frozen=True)
class State:
    """Where a model's rollout stands.

    `candidate` is the version being rolled out, `stable` the one that answers otherwise, `previous` the one that was stable before it, and
    `declared` the version that the spec file names ("" where there is none). `step` counts canary steps from 0. Times are seconds since 1970:
    `started` of the rollout, `since` of the last change, `window` from when evidence counts. A HELD rollout keeps the stage it came from in
    `held`, and in `held_by` what holds it: "person", "silence" or "doubt".
    """

    stage: Stage = Stage.DRAFT
    candidate: str = ""
    stable: str = ""
    previous: str = ""
    declared: str = ""
    step: int = 0
    started: float = 0.0
    since: float = 0.0
    window: float = 0.0
    held: Stage | None = None
    held_by: str = ""
    smoke: bool = False
    frozen: tuple[str, ...] = ()

    @property
    def serving(self) -> Stage:
        """The stage whose traffic is in force: a HELD rollout keeps what it had."""
        return self.held if self.stage is Stage.HELD and self.held else self.stage


def step(state: State, event: Event, spec: Spec) -> Outcome[State]:
    """Take one step.

    Returns
    -------
    Outcome
        The next state and the `Move` that led there; or the same state and no move, with the reason in `refusal` if it was asked for.
    """
    match event:
        case Drafted():
            return _draft(state, event)
        case Gated():
            return _gate(state, event)
        case Smoked():
            return _smoke(state, event, spec)
        case Judged():
            return _judge(state, event, spec)
        case Asked():
            return _ask(state, event, spec)
        case Restored():
            return _restore(state, event)
    assert_never(event)


def _draft(state: State, event: Drafted) -> Outcome[State]:
    if state.stage in UNDER_WAY:
        return _refuse(state, f"version {state.candidate} is being rolled out; roll it back or wait until it is stable")
    if event.version == state.stable:
        return _refuse(state, f"version {event.version} is stable already")
    if event.version in state.frozen and not event.person:
        return _refuse(state, f"version {event.version} was rolled back and is frozen; a person has to bring it back")
    frozen = tuple(version for version in state.frozen if version != event.version)
    fresh = State(
        Stage.DRAFT, event.version, state.stable, state.previous, state.declared,
        started=event.at, since=event.at, window=event.at, frozen=frozen,
    )  # fmt: skip
    reason = f"{event.person} brings it back" if event.version in state.frozen else f"{event.person or 'a pipeline'} deploys it"
    return Outcome(fresh, Move("NEW", fresh.stage, fresh.candidate, event.at, reason, {}))


def _gate(state: State, event: Gated) -> Outcome[State]:
    if state.stage is not Stage.DRAFT or not state.candidate:
        return _refuse(state, "there is no draft to judge")
    if not event.passed:
        return _refuse(state, "the gate did not pass it")
    return _move(state, Stage.GATED, event.at, "its gate passed" if event.evidence.get("gate") else "no gate was asked for", event.evidence)


def _smoke(state: State, event: Smoked, spec: Spec) -> Outcome[State]:
    if state.stage not in UNDER_WAY or state.stage is Stage.ROLLING_BACK:
        return _refuse(state, "no version waits for its smoke request")
    if not event.passed:
        return _roll_back(replace(state, smoke=False), event.at, "its smoke request failed", event.evidence)
    if state.stage is not Stage.GATED:
        return Outcome(replace(state, smoke=True))
    passed = replace(state, smoke=True, declared=state.candidate)
    if not state.stable:
        return _settle(passed, event.at, "the smoke request passed; there is no stable version to compare it with", event.evidence)
    following = Stage.SHADOW if spec.shadow is not None else Stage.CANARY
    return _move(passed, following, event.at, "its smoke request passed", event.evidence)


def _judge(state: State, event: Judged, spec: Spec) -> Outcome[State]:
    if state.stage not in {*GIVES_TRAFFIC, Stage.HELD} or state.serving is Stage.GATED:
        return Outcome(state)
    if event.finding is Finding.HARM:
        return _roll_back(state, event.at, event.reason, event.evidence)
    # What was measured before the last change says nothing about the stage that began with it.
    finding = event.finding if event.newest > state.since else Finding.SILENT
    if state.stage is Stage.HELD:
        return _judge_held(state, event, finding, spec)
    waited = event.at - state.window
    quiet = event.at - max(event.newest, state.since)
    if finding is not Finding.GOOD and quiet >= spec.silence_seconds:
        return _hold(state, event.at, "silence", f"nothing was measured for {quiet:.0f} s", event.evidence)
    if finding is Finding.GOOD and waited >= _shortest(state, spec):
        return _forward(state, event.at, event.reason, event.evidence, spec)
    if finding is not Finding.SILENT and waited >= _shortest(state, spec) + spec.max_seconds:
        return _hold(state, event.at, "doubt", event.reason, event.evidence)
    return Outcome(state)


def _judge_held(state: State, event: Judged, finding: Finding, spec: Spec) -> Outcome[State]:
    if state.held_by == "person":
        return Outcome(state)  # who paused resumes; harm was looked at above
    if finding is Finding.GOOD and event.at - state.window >= _shortest(state, spec):
        return _forward(state, event.at, event.reason, event.evidence, spec)
    if state.held_by == "silence" and finding is not Finding.SILENT:
        return _resume(state, event.at, "requests are measured again", event.evidence)
    if event.at - state.since >= spec.hold_seconds:
        return _roll_back(state, event.at, f"held for too long: {event.reason}", event.evidence)
    return Outcome(state)


def _ask(state: State, event: Asked, spec: Spec) -> Outcome[State]:
    by = {**event.evidence, "person": event.person}
    match event.command:
        case "rollback":
            if state.stage in UNDER_WAY and state.stage is not Stage.ROLLING_BACK:
                return _roll_back(state, event.at, f"{event.person} rolls it back", by)
            if state.stage is Stage.STABLE and state.previous:
                return _roll_back(state, event.at, f"{event.person} goes back to version {state.previous}", by)
            return _refuse(state, "there is nothing to roll back")
        case "pause":
            if state.stage in {Stage.GATED, *GIVES_TRAFFIC}:
                return _hold(state, event.at, "person", f"{event.person} pauses it", by)
            if state.stage is Stage.HELD and state.held_by != "person":
                return Outcome(replace(state, held_by="person"))
            return _refuse(state, "there is nothing to pause")
        case "resume":
            if state.stage is Stage.HELD:
                return _resume(state, event.at, f"{event.person} resumes it", by)
            return _refuse(state, "it is not held")
        case "promote":
            if state.serving not in GIVES_TRAFFIC:
                return _refuse(state, "there is no stage to promote it from")
            if event.newest <= state.since:
                return _refuse(state, "nothing was measured since the last change; nobody promotes on silence")
            return _forward(state, event.at, f"{event.person} promotes it", by, spec)
    return _refuse(state, f"`{event.command}` is no command; there are promote, pause, resume and rollback")


def _restore(state: State, event: Restored) -> Outcome[State]:
    if state.stage is not Stage.ROLLING_BACK:
        return _refuse(state, "nothing is being rolled back")
    return _move(replace(state, declared=state.stable), Stage.ROLLED_BACK, event.at, "traffic and spec are as before", event.evidence)


def _forward(state: State, at: float, reason: str, evidence: Mapping[str, Any], spec: Spec) -> Outcome[State]:
    match state.serving:
        case Stage.SHADOW:
            return _move(state, Stage.CANARY, at, reason, evidence)
        case Stage.CANARY if state.step + 1 < len(spec.steps):
            return _move(state, Stage.CANARY, at, reason, evidence, number=state.step + 1)
        case Stage.CANARY:
            return _move(state, Stage.BAKING, at, reason, evidence, number=state.step)
    return _settle(state, at, reason, evidence)


def _settle(state: State, at: float, reason: str, evidence: Mapping[str, Any]) -> Outcome[State]:
    after = replace(state, stable=state.candidate, previous=state.stable)
    outcome = _move(after, Stage.STABLE, at, reason, evidence)
    changed = ((state.stable, Stage.SUPERSEDED),) if state.stable else ()
    return _with(outcome, came_from=state.stage, others=changed)


def _roll_back(state: State, at: float, reason: str, evidence: Mapping[str, Any]) -> Outcome[State]:
    frozen = tuple(sorted({*state.frozen, state.candidate}))
    if state.stage is Stage.STABLE:  # the version before takes over in the same change
        after = replace(state, frozen=frozen, stable=state.previous, previous="")
        return _with(
            _move(after, Stage.ROLLING_BACK, at, reason, evidence), came_from=state.stage, others=((state.previous, Stage.STABLE),)
        )
    return _move(replace(state, frozen=frozen), Stage.ROLLING_BACK, at, reason, evidence)


def _hold(state: State, at: float, by: str, reason: str, evidence: Mapping[str, Any]) -> Outcome[State]:
    outcome = _move(state, Stage.HELD, at, reason, evidence, number=state.step)
    # The window stays: evidence goes on adding up while it is held, so that harm is seen and good news counts.
    return Outcome(replace(outcome.state, held=state.stage, held_by=by, window=state.window), outcome.move)


def _resume(state: State, at: float, reason: str, evidence: Mapping[str, Any]) -> Outcome[State]:
    return _move(state, state.serving, at, reason, evidence, number=state.step)


def _move(state: State, to: Stage, at: float, reason: str, evidence: Mapping[str, Any], *, number: int = 0) -> Outcome[State]:
    after = replace(state, stage=to, step=number, since=at, window=at, held=None, held_by="")
    return Outcome(after, Move(state.stage.value, to, state.candidate, at, reason, evidence))


def _with(outcome: Outcome[State], *, came_from: Stage, others: tuple[tuple[str, Stage], ...]) -> Outcome[State]:
    assert outcome.move is not None
    return Outcome(outcome.state, outcome.move._replace(from_state=came_from.value, others=others))


def _shortest(state: State, spec: Spec) -> float:
    match state.serving:
        case Stage.SHADOW if spec.shadow is not None:
            return spec.shadow.seconds
        case Stage.BAKING:
            return spec.bake_seconds
    return spec.min_seconds


def _refuse(state: State, reason: str) -> Outcome[State]:
    return Outcome(state, refusal=reason)
