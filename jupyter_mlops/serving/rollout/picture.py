"""The database → the view of a deployment: JSON values, times as seconds since the rollout began, at most 60 points a curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.events import Asked, Stage
from jupyter_mlops.serving.rollout.judge import SETTLE_SECONDS, Judgement, judge
from jupyter_mlops.serving.rollout.machine import State, step
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.traffic import label

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.guards import Guard
    from jupyter_mlops.serving.rollout.store import Store

POINTS = 60
CHANGES = 40
BACK = (Stage.ROLLING_BACK.value, Stage.ROLLED_BACK.value)
PLAIN = {Stage.DRAFT, Stage.GATED, Stage.STABLE, Stage.ROLLED_BACK, Stage.ROLLING_BACK}


def picture(store: Store, model: str) -> dict[str, Any]:
    """Read all facts that a deployment's report draws."""
    state = Controller(store, model, smoke=lambda *_: SmokeResult(None)).state()
    rollout = store.rollout(model)
    spec = Spec.restore(rollout.spec) if rollout and rollout.spec else Spec()
    log = store.transitions(model)
    rows = store.evidence_since(model, state.candidate, math.ceil(state.window))
    now = max((row.second for row in rows), default=math.ceil(state.window)) + SETTLE_SECONDS + 1.0
    judgement = None if state.serving in PLAIN else judge(store, model, state, spec, now)
    return {
        "title": f"Deployment of {model}",
        "model": model,
        "state": state.stage.value,
        "stage": label(state, spec),
        "candidate": state.candidate,
        "stable": state.stable,
        "reason": _reason(log),
        "stages": _stages(state, spec, log),
        "traffic": [{"version": share.version, "share": share.share, "shadow": share.shadow} for share in store.traffic(model)],
        "requests": judgement.requests if judgement else _last(log).get("requests", 0),
        "needed": spec.min_requests,
        "interval": spec.interval_seconds,
        "guards": [_guard(guard) for guard in judgement.guards] if judgement else _last_guards(log),
        "commands": {name: _why_not(state, spec, name, judgement) for name in ("promote", "pause", "resume", "rollback")},
        "log": [
            {"after": round(change.at - state.started, 1), "version": change.version, "from": change.from_state, "to": change.to_state,
             "stage": change.stage, "reason": change.reason}
            for change in log[-CHANGES:]
        ],
    }  # fmt: skip


def _reason(log: list[Any]) -> str:
    """Say why it is where it is: of a rollback, what began it."""
    return next((change.reason for change in reversed(log) if change.to_state != Stage.ROLLED_BACK.value), "")


def _stages(state: State, spec: Spec, log: list[Any]) -> list[dict[str, str]]:
    names = [
        "gated",
        *(["shadow"] if spec.shadow else []),
        *(f"{share:.0%}".replace("%", " %") for share in spec.steps),
        "baking",
        "stable",
    ]
    shadow = int(spec.shadow is not None)
    places = {Stage.DRAFT: -1, Stage.GATED: 0, Stage.SHADOW: 1, Stage.CANARY: 1 + shadow + state.step}
    places |= {Stage.BAKING: len(names) - 2, Stage.STABLE: len(names)}
    here = places.get(state.serving, -1)
    if state.stage in {Stage.ROLLING_BACK, Stage.ROLLED_BACK}:  # where it was stopped
        stopped = [change.stage.removeprefix("held in ").removeprefix("canary ") for change in log if change.to_state not in BACK]
        here = names.index(stopped[-1]) if stopped and stopped[-1] in names else -1
    return [{"name": name, "is": "done" if place < here else "now" if place == here else "ahead"} for place, name in enumerate(names)]


def _guard(guard: Guard) -> dict[str, Any]:
    stride = max(1, math.ceil(len(guard.against) / POINTS))
    return {
        "signal": guard.signal,
        "finding": guard.finding.value,
        "words": guard.words,
        "against": _tens(guard.against[::-1][::stride][::-1]),
        "bar": _tens([guard.bar])[0],
        "for": None if guard.favour is None else _tens(guard.favour[::-1][::stride][::-1]),
        "for_bar": None if guard.favour is None else _tens([guard.favour_bar])[0],
        "stride": stride,
        "rates": [round(float(value), 5) for value in guard.rates],
    }


def _tens(logarithms: Any) -> list[float]:
    """Turn to powers of ten, between −6 and 6: what lies beyond looks the same."""
    return [round(max(-6.0, min(6.0, float(value) / math.log(10))), 2) for value in logarithms]


def _last_guards(log: list[Any]) -> list[dict[str, Any]]:
    """Show what decided: the evidence of the last change that has some, one point a curve."""
    said: list[Any] = _last(log).get("guards", [])
    return [
        {"signal": one["signal"], "finding": one["finding"], "words": one["words"], "against": [_power(one["against"])],
         "bar": _power(one["against_needed"]), "for": None if one["for"] is None else [_power(one["for"])],
         "for_bar": _power(one["for_needed"]) if one["for"] is not None else None, "stride": 1, "rates": one["rates"]}
        for one in said
    ]  # fmt: skip


def _last(log: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = next((change.evidence for change in reversed(log) if change.evidence.get("guards")), {})
    return found


def _power(evidence: float) -> float:
    return round(math.log10(max(evidence, 1e-6)), 2)


def _why_not(state: State, spec: Spec, command: str, judgement: Judgement | None) -> str:
    newest = judgement.newest if judgement else float("-inf")
    return step(state, Asked(state.since, command, "you", newest), spec).refusal
