"""Notebooks to run, and a run followed as the front end follows it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from notebooks import validator

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_SECONDS = 60
TRAINING = (
    (["parameters"], "rate = 0.5\nrounds = 2"),
    (["step:load"], "data = [1.0, 2.0, 3.0]\nprint('loaded', len(data))"),
    (["step:train"], "weight = 0.0\nfor turn in range(rounds):\n    weight += rate * sum(data)\nprint('weight', weight)"),
    (["step:show"], "class Card:\n    def _repr_html_(self):\n        return f'<b id=card>weight {weight}</b>'\n\nCard()"),
    (["pipeline-metrics"], "print(weight)"),
)


def write(path: Path, *cells: tuple[list[str], str]) -> None:
    """Write a notebook of code cells with their tags."""
    made = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {"tags": tags}, "source": source, "outputs": [], "execution_count": None}
        for at, (tags, source) in enumerate(cells)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


def start(server, path: str, kind: str = "local", *, status: int = 200, **asked) -> dict[str, Any]:
    """Ask for a run."""
    response = server.ask("POST", "runs", json={"path": path, "kind": kind, "parameters": {}, **asked})
    return checked(response, "Run" if status == 200 else "Problem", status)


def checked(response, definition: str, status: int = 200) -> dict[str, Any]:
    """Return an answer that is what the schema says."""
    assert response.status_code == status, response.text
    answer = response.json()
    assert [error.message for error in validator(definition).iter_errors(answer)] == []
    return answer


def look(server, run: str, **query) -> dict[str, Any]:
    """Ask how a run stands."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return checked(server.ask("GET", f"runs/{run}?{asked}"), "Run")


def follow(server, run: dict[str, Any], until=lambda seen: not seen["summary"]["alive"]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Wait as the front end does; return the run when `until` holds, and all lines that it printed."""
    printed: list[tuple[str, str]] = []
    identity, after = run["summary"]["id"], 0
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        seen = look(server, identity, after=after, wait=5)
        printed += [(each["label"], line) for each in seen["output"] for line in each["lines"]]
        after = seen["next"]
        if until(seen):
            return seen, printed
    raise AssertionError(json.dumps(seen, indent=1))


def states(run: dict[str, Any]) -> dict[str, str]:
    """Return how each step stands."""
    return {step["label"]: step["state"] for step in run["steps"]}


def has_printed(text: str):
    """Tell of a run whether a step has printed a line with this text lately."""
    return lambda seen: any(text in line for each in seen["output"] for line in each["lines"])
