"""What happens during a run, as values: the events a listener gets and the result at the end.

A listener is any callable that takes one event; with the attribute `tick_seconds` it also gets a `Tick` when nothing else happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class State(Enum):
    """How one step (or one item of a fan-out) stands; the value is what records and JSON say."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    CACHED = "cached"  # outputs of an earlier run with the same key
    RESUMED = "resumed"  # completed by this run before it was interrupted
    FAILED = "failed"
    SKIPPED = "skipped"  # its `when` was false, or it needs an output of a skipped step
    STOPPED = "stopped"  # the run was interrupted while it ran
    NOT_RUN = "not run"  # an earlier step failed

    @property
    def done(self) -> bool:
        """Whether outputs are there."""
        return self in {State.SUCCEEDED, State.CACHED, State.RESUMED}

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {State.WAITING, State.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """`steps` in plan order; `resumed` when an interrupted run goes on."""

    run: str
    pipeline: str
    steps: tuple[str, ...]
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A process starts; `attempt` counts from 1, `label` is the step's name with its item (``train[2]``)."""

    label: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutput:
    """Complete lines that the step printed, standard output and standard error together."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetried:
    """An attempt failed and another will start after `wait_seconds`."""

    label: str
    reason: str
    wait_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnded:
    """A step has its final state."""

    result: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """Everything is over."""

    result: RunResult


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; a live display draws its durations anew."""


Event = RunStarted | StepStarted | StepOutput | StepRetried | StepEnded | RunEnded | Tick
Listener = Callable[[Event], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactResult:
    """An artifact on disk; `digest` is None (and nothing is at `path`) when the step wrote none."""

    path: Path
    digest: str | None
    metadata: dict[str, Any]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How one step (one item of it) ended.

    `headline` is the diagnostic of the failure with its cell, or the last lines of the log; `parameters` are the output parameters.
    """

    step: str
    item: int | None
    state: State
    seconds: float
    exit_code: int | None = None
    attempts: int = 0
    reason: str = ""
    headline: str = ""
    log: Path | None = None
    artifacts: dict[str, ArtifactResult] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The step's name, with the item's index in brackets inside a fan-out."""
        return self.step if self.item is None else f"{self.step}[{self.item}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The outcome of a run; `exit` is the exit status of the command (0, 1, 130 for an interrupt, 143 for a termination)."""

    pipeline: str
    run: str
    state: str
    exit: int
    seconds: float
    directory: Path
    steps: tuple[StepResult, ...]

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The steps that failed, in plan order."""
        return tuple(step for step in self.steps if step.state is State.FAILED)

    def digests(self) -> dict[str, str | None]:
        """``step.port`` (``step[item].port``) → content digest of every artifact that holds a value: what two runs are compared by."""
        return {f"{step.label}.{port}": artifact.digest for step in self.steps for port, artifact in step.artifacts.items()}

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON data (schema `nb2pipe.run/1`); paths are relative to `directory`."""
        return {
            "schema": "nb2pipe.run/1",
            "pipeline": self.pipeline,
            "run": self.run,
            "state": self.state,
            "exit": self.exit,
            "seconds": round(self.seconds, 3),
            "directory": str(self.directory),
            "steps": [step_as_dict(step, self.directory) for step in self.steps],
        }


def step_as_dict(step: StepResult, directory: Path) -> dict[str, Any]:
    """Return one step of `RunResult.as_dict`."""

    def relative(path: Path | None) -> str | None:
        return None if path is None else str(path.relative_to(directory)) if path.is_relative_to(directory) else str(path)

    return {
        "step": step.step,
        "item": step.item,
        "state": step.state.value,
        "seconds": round(step.seconds, 3),
        "exit_code": step.exit_code,
        "attempts": step.attempts,
        "reason": step.reason,
        "headline": step.headline,
        "log": relative(step.log),
        "artifacts": {
            port: {"path": relative(artifact.path), "digest": artifact.digest, "type": artifact.type, "metadata": artifact.metadata}
            for port, artifact in step.artifacts.items()
        },
        "parameters": step.parameters,
    }
