"""The story of a run (`jupyter_mlops.submit.story`) → how the run and each of its steps stand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.story import STORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MOST_BYTES = 256 * 2**10
"""How much of a story one answer repeats."""

_OUTPUT = b'{"event":"output"'
_PLACE = re.compile(r"cell (\d+)(?: \(step [^)]*\))?, line (\d+)")
_ENDED = {"succeeded", "cached", "resumed", "skipped"}


@dataclass(slots=True)
class Standing:
    """What a story has told so far. `ended` is None while the run goes on, or when its runner died."""

    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    kind: str = "local"
    pipeline: str = ""
    state: str = "starting"
    asked: float | None = None
    began: float | None = None
    ended: float | None = None
    last: float = 0.0
    problem: str = ""
    verdict: str = ""
    url: str = ""
    cluster_run: str = ""

    def begin(self, steps: Iterable[str]) -> None:
        """All steps wait."""
        self.order = tuple(steps)
        self.steps = {name: _row(name) for name in self.order}

    def take(self, event: Mapping[str, Any]) -> None:
        """Go one event further; words that a later version may write change nothing."""
        self.last = event["at"]
        match event["event"]:
            case "asked":
                self.kind = event["kind"]
                self.state, self.began, self.ended, self.problem, self.verdict = "starting", event["at"], None, "", ""
                self.asked = self.asked or event["at"]
            case "submitted":
                self.url, self.cluster_run = event["url"], event["run"]
            case "run started":
                self.pipeline, self.state = event["pipeline"], "running"
                self.asked, self.began = self.asked or event["at"], self.began or event["at"]
                self.begin(event["steps"])
            case "step started":
                self._row(event["label"]).update(state="running", attempts=event["attempt"], began=event["at"])
            case "step retried":
                self._row(event["label"]).update(state="waiting", reason=event["reason"])
            case "step ended":
                self._end(self._row(event["label"]), event)
            case "step explained":
                _explain(self._row(event["label"]), event)
            case "run ended":
                if self.kind != "verify" or event["state"] == "interrupted":  # of a verification, only its first half is over
                    self.state, self.ended = event["state"], event["at"]
                self.settle()
            case "verdict":
                self.state, self.ended, self.verdict = "equal" if event["equal"] else "different", event["at"], event["text"]
                for row in self.steps.values():
                    if row["step"] in event["unlike"] and not row["reason"]:
                        row["reason"] = "it differs from the notebook run whole"
            case "lost":
                self.problem = _sentence(event)
            case "problem":
                self.state, self.ended = "failed", event["at"]
                self.problem = _sentence(event)
                self.settle()
            case _:
                pass

    def settle(self) -> None:
        """Nothing more happens to any step."""
        for row in self.steps.values():
            if row["state"] == "running":
                row.update(state="stopped", seconds=max(0.0, self.last - row["began"]))
            elif row["state"] == "waiting":
                row["state"] = "not run"

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """List the steps in plan order, items in order."""
        ranks = {name: rank for rank, name in enumerate(self.order)}
        return sorted(self.steps.items(), key=lambda one: (ranks.get(one[1]["step"], len(ranks)), one[1]["item"] or 0))

    def _row(self, label: str) -> dict[str, Any]:
        """Return a step's row; the rows of items take the place of their step's."""
        if label not in self.steps:
            step = label.partition("[")[0]
            number = label[len(step) + 1 : -1]
            self.steps.pop(step, None)
            self.steps[label] = _row(step, int(number) if number.isdigit() else None)
        return self.steps[label]

    def _end(self, row: dict[str, Any], event: Mapping[str, Any]) -> None:
        ran = event["seconds"] or (event["at"] - row["began"] if row["began"] and event["state"] in {"succeeded", "failed"} else 0.0)
        row.update(
            state=event["state"],
            seconds=round(ran, 3),
            attempts=event["attempts"],
            artifacts=event["artifacts"],
        )
        _explain(row, event)

    @property
    def done(self) -> int:
        """How many steps ended well."""
        return sum(row["state"] in _ENDED for row in self.steps.values())


def read_standing(folder: Path, *, steps: Iterable[str], alive: bool) -> Standing:
    """Read a story from its beginning, what steps printed left out; `alive`: somebody goes on writing it."""
    standing = Standing()
    standing.begin(steps)
    for line in _lines(folder):
        if not line.startswith(_OUTPUT):
            standing.take(json.loads(line))
    if not alive and standing.ended is None:
        _abandon(standing, folder)
    return standing


def _abandon(standing: Standing, folder: Path) -> None:
    """Nobody tells the story any more, and nobody has told its end."""
    if standing.kind == "kubeflow" and standing.cluster_run:
        standing.problem = standing.problem or "nobody follows this run any more; it may go on on the cluster (resume follows it again)"
        return
    standing.state, standing.ended = "interrupted", standing.last
    said = _last_line(folder / "runner.log") if standing.order and not standing.pipeline else ""
    if said:  # it has not even begun to tell
        standing.state, standing.problem = "failed", f"the run did not start: {said}"
    standing.settle()


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:400]


def read_output(folder: Path, after: int | None) -> tuple[list[dict[str, Any]], int]:
    """Return what steps printed behind a position (None: lately), by step in order, and the position behind it."""
    with (folder / STORY).open("rb") as file:
        size = file.seek(0, 2)
        begin = max(0, size - MOST_BYTES) if after is None else min(max(after, 0), size)
        file.seek(begin)
        if after is None and begin:
            file.readline()  # the rest of a line whose begin is farther away
        begin = file.tell()
        text = file.read(MOST_BYTES)
        if b"\n" not in text:
            text += file.readline()
    whole = text[: text.rfind(b"\n") + 1]
    printed: list[dict[str, Any]] = []
    for line in whole.splitlines():
        if not line.startswith(_OUTPUT):
            continue
        event = json.loads(line)
        if printed and printed[-1]["label"] == event["label"]:
            printed[-1]["lines"] += event["lines"]
        else:
            printed.append({"label": event["label"], "lines": event["lines"]})
    return printed, begin + len(whole)


def story_size(folder: Path) -> int:
    """Return the position behind all that has been told."""
    try:
        return (folder / STORY).stat().st_size
    except FileNotFoundError:
        return 0


def _lines(folder: Path) -> Iterator[bytes]:
    try:
        text = (folder / STORY).read_bytes()
    except FileNotFoundError:
        return
    yield from text[: text.rfind(b"\n") + 1].splitlines()


def _explain(row: dict[str, Any], event: Mapping[str, Any]) -> None:
    place = _PLACE.search(event["headline"])
    row.update(
        reason=event["reason"],
        headline=event["headline"],
        cell=int(place[1]) if place else None,
        line=int(place[2]) if place else None,
    )


def _sentence(event: Mapping[str, Any]) -> str:
    return f"{event['message']} ({event['hint']})" if event["hint"] else str(event["message"])


def _row(step: str, item: int | None = None) -> dict[str, Any]:
    return {
        "step": step,
        "item": item,
        "state": "waiting",
        "seconds": 0.0,
        "attempts": 0,
        "reason": "",
        "headline": "",
        "cell": None,
        "line": None,
        "artifacts": {},
        "began": None,
    }
