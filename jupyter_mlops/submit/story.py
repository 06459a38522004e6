"""Events of a run → `story.jsonl` in its folder, one JSON object a line: what whoever comes later is told as if they had been there.

Lines of the file by their `event` (each also says when, `at`, in seconds since 1970):

| event | and |
|---|---|
| `asked` | somebody asks for the run, or that it goes on; what is below it is a new beginning |
| `submitted` | `run`, `url` on the cluster |
| `run started` | `run`, `pipeline`, `steps` in plan order, `resumed` |
| `step started` | `label`, `attempt` |
| `output` | `label`, `lines` |
| `step retried` | `label`, `reason`, `wait_seconds` |
| `step ended` | `label` and the step's result as in `nb2pipe.run/1`, artifacts with their `bytes` |
| `step explained` | `label`, `reason`, `headline`, where a log was found later |
| `run ended` | `state`, `exit`, `seconds` |
| `verdict` | `equal`, `text` of a verification, `unlike`: the steps that differ |
| `lost` | `message`, `hint`: nobody follows the run any more, which may go on elsewhere |
| `problem` | `message`, `hint`: why there is no run |
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.events import Event, RunEnded, RunStarted, StepEnded, StepOutput, StepRetried, StepStarted, step_as_dict

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.submit.events import Listener

STORY = "story.jsonl"
MOST_OUTPUT_BYTES = 64 * 2**20
"""What the story repeats of what steps print; logs hold everything."""


class Story:
    """A listener that writes the story of the run in `folder`, and then tells `after`."""

    def __init__(self, folder: Path, *, after: Listener | None = None) -> None:
        self._folder, self._after = folder, after
        self._printed = 0
        tick: float | None = getattr(after, "tick_seconds", None)
        if tick is not None:
            self.tick_seconds = tick  # the scheduler asks whether there is one

    def __call__(self, event: Event) -> None:
        """Write it down and pass it on."""
        match event:
            case RunStarted():
                self.add("run started", run=event.run, pipeline=event.pipeline, steps=list(event.steps), resumed=event.resumed)
            case StepStarted():
                self.add("step started", label=event.label, attempt=event.attempt)
            case StepOutput():
                self._output(event)
            case StepRetried():
                self.add("step retried", label=event.label, reason=event.reason, wait_seconds=round(event.wait_seconds, 3))
            case StepEnded():
                self.add("step ended", label=event.result.label, **_result(event, self._folder))
            case RunEnded():
                self.add("run ended", state=event.result.state, exit=event.result.exit, seconds=round(event.result.seconds, 3))
            case _:
                pass
        if self._after is not None:
            self._after(event)

    def add(self, event: str, **facts: Any) -> None:
        """Append one line by one write, so that no reader and no other writer is in the middle of it."""
        line = json.dumps({"event": event, "at": round(time.time(), 3), **facts}, separators=(",", ":"))
        descriptor = os.open(self._folder / STORY, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, f"{line}\n".encode("ascii"))
        finally:
            os.close(descriptor)

    def _output(self, event: StepOutput) -> None:
        if self._printed < MOST_OUTPUT_BYTES:
            self._printed += sum(len(line) + 1 for line in event.lines)
            self.add("output", label=event.label, lines=list(event.lines))


def _result(event: StepEnded, folder: Path) -> dict[str, Any]:
    told = step_as_dict(event.result, folder)
    for port, artifact in event.result.artifacts.items():
        told["artifacts"][port]["bytes"] = _size(artifact.path) if artifact.digest is not None and artifact.path.is_absolute() else None
    return told


def _size(path: Path) -> int | None:
    """Add up a file or a folder; None where nothing can be looked at, as on a cluster."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    except OSError:
        return None
