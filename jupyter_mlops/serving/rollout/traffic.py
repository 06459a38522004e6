"""The state of a rollout → who gets which share of requests, how each version stands, and what the stage is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.rollout.events import Stage
from jupyter_mlops.serving.rollout.records import Share

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.machine import State
    from jupyter_mlops.serving.rollout.spec import Spec


def share(state: State, spec: Spec) -> float:
    """Give the share of requests that the candidate answers."""
    match state.serving:
        case Stage.CANARY:
            return spec.steps[state.step]
        case Stage.BAKING | Stage.STABLE:
            return 1.0
    return 0.0


def shares(state: State, spec: Spec) -> list[Share]:
    """Say who answers; a version with share 0 is loaded and kept warm, so that going back takes no loading."""
    stage, part = state.serving, share(state, spec)
    if stage is Stage.STABLE:
        return [Share(state.stable, 1.0)]
    rest = [Share(state.stable, 1.0 - part)] if state.stable else []
    if stage in {Stage.DRAFT, Stage.ROLLING_BACK, Stage.ROLLED_BACK}:
        return rest
    answers = sorted([*rest, Share(state.candidate, part)])
    shadow = [Share(state.candidate, spec.shadow.share, shadow=True)] if stage is Stage.SHADOW and spec.shadow else []
    return answers + shadow


def label(state: State, spec: Spec) -> str:
    """Name the stage for people."""
    name = {Stage.CANARY: f"canary {share(state, spec):.0%}", Stage.ROLLING_BACK: "rolling back", Stage.ROLLED_BACK: "rolled back"}
    said = name.get(state.serving, state.serving.value.lower()).replace("%", " %")
    return f"held in {said}" if state.stage is Stage.HELD else said


def declaration(model: str, version: str) -> dict[str, Any]:
    """Give the spec file that names the version a model is meant to have."""
    return {"model": model, "version": version}
