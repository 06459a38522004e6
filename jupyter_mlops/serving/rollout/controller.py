"""What happened to a rollout (time, evidence, commands) → changes in the database, one transaction each, and their effects outside it.

`Controller.tick` needs nothing from memory: it reads where the rollout stands, takes at most a few steps, and writes each before the next. It may
be killed at any point and any number of times; the next tick goes on from what is written. Effects outside the database (the spec file, lineage)
are done after the change and are done again if it is not known that they were: they may be repeated and change nothing then.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.serving.rollout.events import Asked, Drafted, Event, Gated, Move, Restored, Smoked, Stage
from jupyter_mlops.serving.rollout.machine import GIVES_TRAFFIC, State, step
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Overtaken, Store, Transition, Version
from jupyter_mlops.serving.rollout.traffic import declaration, label, shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

KEPT_SECONDS = 30 * 86_400.0
"""How long evidence and truths are kept; a judgement reads back to an hour before its rollout began."""
PRUNE_EVERY_SECONDS = 3_600.0

DONE = (Stage.STABLE, Stage.ROLLED_BACK, Stage.DRAFT)


class SmokeResult(NamedTuple):
    """What a smoke request said. `passed` is None while nobody could be asked (no server yet, model still loading)."""

    passed: bool | None
    evidence: Mapping[str, Any] = {}


class Controller:
    """Moves one model's rollout on.

    Parameters
    ----------
    store : Store
    model : str
    smoke : Asks a version one request and says whether the answer was right.
    """

    def __init__(self, store: Store, model: str, *, smoke: Callable[[str, Version], SmokeResult]) -> None:
        self._store = store
        self._model = model
        self._smoke = smoke
        self._looked: tuple[State, int] | None = None  # saves work only: forgotten with the process
        self._pruned = 0.0

    def tick(self, now: float) -> State:
        """Take all steps that are due at `now` (seconds since 1970), write them, do their effects.

        Raises
        ------
        sqlite3.OperationalError
            If the database is locked for longer than `store.BUSY_SECONDS`; nothing is lost, tick again.
        """
        try:
            self._obey(now)
            self._ask_smoke(now)
            self._look(now)
            self._finish_rollback(now)
        except Overtaken:
            pass  # another controller took the same step first; the next tick sees where it got to
        self._do_effects()
        self._prune(now)
        return self.state()

    def state(self) -> State:
        """Read where the rollout stands."""
        return self._read()[0]

    def take(self, event: Event, *, command: int | None = None, spec: Spec | None = None, version: Version | None = None) -> str:
        """Take one step and write it.

        Parameters
        ----------
        event : What happened.
        command : Number of the command that asked for it; its outcome is written with the step.
        spec : Replaces the rollout's spec, if the step is taken.
        version : What is known of the candidate, if this step brings it.

        Returns
        -------
        str
            "" or why nothing was done.
        """
        state, old, last = self._read()
        outcome = step(state, event, spec or old)
        if outcome.move is None:
            if outcome.state != state:
                self._store.put_rollout(self._model, state=_pack(outcome.state))
            if command is not None:
                self._store.answer(command, outcome.refusal or "done")
            return outcome.refusal
        move, after, rules = outcome.move, outcome.state, spec or old
        stage = label(after, rules)
        written = Transition(self._model, move.at, move.from_state, move.to.value, stage, move.version, move.reason, dict(move.evidence))
        self._store.append_transition(
            written,
            versions=self._versions(move, after, version),
            traffic=shares(after, rules),
            state=_pack(after),
            spec=spec.view() if spec else None,
            command=None if command is None else (command, stage),
            after=last,
        )
        return ""

    def submit(self, version: Version, spec: Spec, *, now: float, person: str = "", gate: Mapping[str, Any] | None = None) -> str:
        """Draft a version whose gate passed (`gate` is its evidence); gives "" or why not."""
        refused = self.take(Drafted(now, version.version, person), spec=spec, version=version)
        return refused or self.take(Gated(now, True, {"gate": dict(gate)} if gate else {}))

    def _obey(self, now: float) -> None:
        for command in self._store.pending(self._model):
            state = self.state()
            rows = self._store.evidence_since(self._model, state.candidate, math.ceil(state.since), math.floor(now) + 1)
            newest = max((float(row.second) for row in rows if row.requests), default=float("-inf"))
            evidence = {"command": command.sequence, "requests": sum(row.requests for row in rows)}
            self.take(Asked(now, command.command, command.person, newest, evidence), command=command.sequence)

    def _ask_smoke(self, now: float) -> None:
        state = self.state()
        if state.stage is not Stage.GATED:
            return
        version = self._known()[state.candidate]
        result = SmokeResult(version.smoke) if version.smoke is not None else self._smoke(self._model, version)
        if result.passed is None:
            return
        # Written with the change: a version whose smoke request passed has traffic, or can be asked again.
        self.take(Smoked(now, result.passed, dict(result.evidence)), version=version._replace(smoke=result.passed))

    def _look(self, now: float) -> None:
        state, spec, _ = self._read()
        if state.stage not in {*GIVES_TRAFFIC, Stage.HELD} or state.serving not in GIVES_TRAFFIC:
            return
        from jupyter_mlops.serving.labels import join
        from jupyter_mlops.serving.rollout.judge import judge, whole_intervals

        due = (state, whole_intervals(state, spec, now))
        if due == self._looked:
            return  # no interval is over since
        self._looked = due
        with suppress(EnvironmentProblem):  # truths wait for a log that can be read; harm that is known already is judged all the same
            join(self._store, self._model, now)
        self.take(judge(self._store, self._model, state, spec, now).event(state, now))

    def _finish_rollback(self, now: float) -> None:
        state = self.state()
        if state.stage is Stage.ROLLING_BACK:
            self._declare(state.stable)
            self.take(
                Restored(
                    now,
                    {"spec": declaration(self._model, state.stable), "traffic": [list(row) for row in self._store.traffic(self._model)]},
                )
            )

    def _prune(self, now: float) -> None:
        """Forget evidence that no judgement reads any more: older than `KEPT_SECONDS`, and older than a rollout that still goes on."""
        if now - self._pruned < PRUNE_EVERY_SECONDS:
            return
        self._pruned = now
        rollouts = [found for name in self._store.models() if (found := self._store.rollout(name)) is not None and found.state]
        going_on = [found.state["started"] for found in rollouts if Stage(found.state["stage"]) not in DONE]
        self._store.forget_evidence(math.floor(min([now, *going_on]) - KEPT_SECONDS))

    def _versions(self, move: Move, after: State, version: Version | None) -> list[Version]:
        known = self._known()
        main = version or known[move.version]
        changed = [main._replace(state=move.to.value, frozen=move.version in after.frozen)]
        return changed + [known[name]._replace(state=stage.value) for name, stage in move.others]

    def _known(self) -> dict[str, Version]:
        return {version.version: version for version in self._store.versions(self._model)}

    def _read(self) -> tuple[State, Spec, int]:
        last = self._store.last_sequence(self._model)  # before the state: if it goes on in between, `after` notices
        rollout = self._store.rollout(self._model)
        if rollout is None or not rollout.state:
            return adopt(self._store, self._model), Spec(), last
        return _unpack(rollout.state), Spec.restore(rollout.spec), last

    def _do_effects(self) -> None:
        rollout = self._store.rollout(self._model)
        if rollout is None:
            return
        state = _unpack(rollout.state)
        if state.declared and state.stage is not Stage.ROLLING_BACK:
            self._declare(state.declared)
        for change in self._store.transitions(self._model, after=rollout.reported):
            _note(change)
            self._store.set_reported(self._model, change.sequence)

    def _declare(self, version: str) -> None:
        """Write the spec file if it says something else: what people keep in Git says what is live."""
        path = spec_file(self._store, self._model)
        text = json.dumps(declaration(self._model, version), indent=2) + "\n"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        if not version:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)


def spec_file(store: Store, model: str) -> Path:
    """Say where the file lies that names the version a model is meant to have."""
    return store.path.parent / "specs" / f"{model}.json"


def adopt(store: Store, model: str) -> State:
    """Make the state of a model that never had a rollout: its stable version, if somebody gave it one."""
    versions = store.versions(model)
    stable = next((version.version for version in versions if version.state == Stage.STABLE.value), "")
    frozen = tuple(sorted(version.version for version in versions if version.frozen))
    return State(Stage.STABLE if stable else Stage.DRAFT, stable, stable, declared=stable, smoke=bool(stable), frozen=frozen)


def _pack(state: State) -> dict[str, Any]:
    return {**asdict(state), "stage": state.stage.value, "held": state.held.value if state.held else None, "frozen": list(state.frozen)}


def _unpack(packed: Mapping[str, Any]) -> State:
    held = Stage(packed["held"]) if packed["held"] else None
    return State(**{**packed, "stage": Stage(packed["stage"]), "held": held, "frozen": tuple(packed["frozen"])})


def _note(change: Transition) -> None:
    from jupyter_mlops.provenance import Entity, record

    facet = {
        "transition": change.sequence,
        "from": change.from_state,
        "to": change.to_state,
        "stage": change.stage,
        "reason": change.reason,
    }
    model = Entity("model", change.model, change.version)
    record("deploy", inputs=(model,), outputs=(Entity("deployment", change.model, change.version, {"deployment": facet}),))
