"""What a verification found: a value, its JSON (`nb2pipe.verify/2`, see `compiler/docs/verify-json.md`) and its text for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.submit.events import RunResult

SCHEMA = "nb2pipe.verify/2"

SAYS = {"stdout": "prints", "display": "shows", "figure": "draws", "error": "raises", "value": "hands on", "name": "ends with"}
"""What a step or a cell does, by kind of difference; `step` stands for the step itself."""

MOST = 3
"""How many differences of one step the text names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the runs differ.

    `kind` is a key of `SAYS`, or ``step`` when the step itself failed; `reproducible` is False when two whole runs differ there too, and
    `cause` the finding of the compiler that explains it.
    """

    kind: str
    says: str
    cell: int | None = None
    name: str | None = None
    reproducible: bool = True
    cause: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return JSON data."""
        return {
            "kind": self.kind,
            "cell": self.cell,
            "name": self.name,
            "difference": self.says,
            "reproducible": self.reproducible,
            "cause": self.cause,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StepVerdict:
    """One step: its cells by number, its state and what was found.

    `state` is ``equal``, ``differs``, ``not reproducible`` (only where two whole runs differ as well), ``failed``, ``not run`` (a step that it
    needs failed), ``skipped`` (by its condition) or ``not reached`` (the whole notebook stops before). `compared` counts by kind.
    """

    step: str
    cells: tuple[int, ...]
    state: str
    differences: tuple[Difference, ...] = ()
    compared: dict[str, int] = field(default_factory=dict)
    stderr: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return JSON data."""
        return {
            "step": self.step,
            "cells": list(self.cells),
            "state": self.state,
            "differences": [each.as_dict() for each in self.differences],
            "compared": self.compared,
            "stderr": list(self.stderr),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole verification.

    `stopped` says where and why the whole notebook ends early, `same_stop` that the steps end there in the same way; `merged` lists the cells
    that could not be apart, each with the finding that says why.
    """

    mode: str
    steps: tuple[StepVerdict, ...]
    merged: tuple[dict[str, Any], ...] = ()
    stopped: dict[str, Any] | None = None
    same_stop: bool = True
    run: RunResult | None = field(default=None, repr=False)

    @property
    def equal(self) -> bool:
        """Tell whether both runs agree: every step does, and none had to be joined with another."""
        return not self.merged and self.same_stop and all(step.state not in ("differs", "failed", "not run") for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON data."""
        return {
            "schema": SCHEMA,
            "equal": self.equal,
            "mode": self.mode,
            "stopped": self.stopped,
            "merged": list(self.merged),
            "steps": [step.as_dict() for step in self.steps],
        }


def as_text(verdict: Verdict) -> str:
    """Write what people read: what differs and why, what could not be compared, and one line that sums up."""
    lines: list[str] = []
    for merged in verdict.merged:
        lines += [f"cells {_list(merged['cells'])} are one step: {_finding(merged)}", ""]
    for step in verdict.steps:
        lines += _of_step(step)
    noisy = [step for step in verdict.steps if any(not each.reproducible for each in step.differences)]
    if noisy:
        lines += ["not reproducible by itself (two whole runs differ there too):"]
        for step in noisy:
            lines += _differences([each for each in step.differences if not each.reproducible])
        lines.append("")
    if verdict.stopped:
        lines += [_stop(verdict), ""]
    waiting = [step.step for step in verdict.steps if step.state == "not run"]
    if waiting:
        lines += [f"not run, because a step that they need failed: {', '.join(waiting)}", ""]
    skipped = [step.step for step in verdict.steps if step.state == "skipped"]
    if skipped:
        lines += [f"skipped by their condition: {', '.join(skipped)}", ""]
    return "\n".join([*lines, _sum(verdict)]) + "\n"


def _of_step(step: StepVerdict) -> list[str]:
    telling = [each for each in step.differences if each.reproducible]
    if not telling:
        return []
    where = f"cell{'s' if len(step.cells) > 1 else ''} {_list(step.cells)}"
    noise = (
        [f"  cell{'s' if len(step.stderr) > 1 else ''} {_list(step.stderr)}: standard error differs, which is not counted"]
        if step.stderr
        else []
    )
    return [f"step `{step.step}` ({where}) {'fails' if step.state == 'failed' else 'differs'}", *_differences(telling), *noise, ""]


def _differences(found: list[Difference]) -> list[str]:
    lines, told = [], ""
    for each in found[:MOST]:
        who = f"cell {each.cell} {SAYS[each.kind]}" if each.cell is not None else f"`{each.name}`" if each.name else "the step"
        lines.append(f"  {who}: {each.says}" if each.kind != "step" else "  " + each.says.replace("\n", "\n  "))
        cause = _finding(each.cause) if each.cause else ""
        if cause and cause != told:
            lines.append(f"    because of {cause}")
        told = cause
    rest = len(found) - MOST
    return lines + ([f"  and {rest} more"] if rest > 0 else [])


def _finding(finding: dict[str, Any]) -> str:
    place = f" in cell {finding['cell']}" if finding.get("cell") else ""
    return f"{finding['code']} {finding['slug']}{place}: {finding['message']}"


def _stop(verdict: Verdict) -> str:
    stopped = verdict.stopped or {}
    where = f"the whole notebook stops at cell {stopped['cell']}" if stopped.get("cell") else "the whole notebook stops"
    same = "; so does its pipeline, and what follows is not compared" if verdict.same_stop else "; its pipeline does not"
    return f"{where}: {stopped['error']}{same}"


def _sum(verdict: Verdict) -> str:
    counts: dict[str, int] = {}
    for step in verdict.steps:
        for kind, count in step.compared.items():
            counts[kind] = counts.get(kind, 0) + count
    words = (("cells", "what {} cell{s} display{v}"), ("values", "{} value{s} that cross{e} steps"), ("names", "{} final name{s}"))
    said = [
        form.format(count, s="s" if count != 1 else "", v="" if count != 1 else "s", e="" if count != 1 else "es")
        for kind, form in words
        if (count := counts.get(kind, 0))
    ]
    compared = f"; compared: {', '.join(said)}" if said else "; nothing was compared"
    ran = sum(step.state in ("equal", "not reproducible", "differs", "failed") for step in verdict.steps)
    unlike = sum(step.state in ("differs", "failed", "not run") for step in verdict.steps)
    steps = f"{ran} step{'s' if ran != 1 else ''}"
    if verdict.equal:
        return f"equal: {steps}{compared}"
    joined = f"{len(verdict.merged)} could not be cut apart" if verdict.merged else ""
    bad = f"{unlike} of {len(verdict.steps)} steps" if unlike else ""
    return f"not equal: {', '.join(each for each in (bad, joined) if each) or 'the whole notebook stops'}{compared}"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
