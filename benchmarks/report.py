"""Measured sections → a table for people and a JSON document for machines."""

from __future__ import annotations

import json
import platform
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.measure import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question: the CPU seconds of each command (or what `unit` says instead), and the ratios that answer it."""

    title: str
    seconds: Mapping[str, Sequence[float]]
    ratios: Sequence[Ratio] = ()
    notes: Sequence[str] = ()
    failures: Sequence[str] = ()
    unit: str = "CPU seconds"

    @property
    def met(self) -> bool:
        """Whether everything could be measured and every goal is reached."""
        return not self.failures and all(measured.met for measured in self.ratios)


def as_text(sections: Sequence[Section]) -> str:
    """A Markdown page: the medians with their spread, then the ratios with their goals."""
    parts = [
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}. Medians; in brackets the lowest and highest round."
    ]
    for section in sections:
        parts.append(f"\n## {section.title}\n\n| what | {section.unit} | rounds |\n| --- | --- | --- |")
        for name, values in section.seconds.items():
            parts.append(f"| {name} | {statistics.median(values):.3f} ({min(values):.3f} – {max(values):.3f}) | {len(values)} |")
        if section.ratios:
            parts.append("\n| what | against | times | goal | |\n| --- | --- | --- | --- | --- |")
        parts.extend(row(measured) for measured in section.ratios)
        parts.extend(f"\n{note}" for note in section.notes)
        parts.extend(f"\n**Not measured:** {failure}" for failure in section.failures)
    return "\n".join(parts) + "\n"


def row(measured: Ratio) -> str:
    """One ratio as a table row."""
    goal = measured.goal
    wanted = f"at most {goal.most:g}" if goal.most is not None else f"at least {goal.least:g}" if goal.least is not None else ""
    verdict = "" if not wanted else "met" if measured.met else "**missed**"
    value = f"{measured.value:+.3f} s" if goal.seconds else f"{measured.value:.2f}"
    return f"| {goal.name} | {goal.against} | {value} | {wanted} | {verdict} |"


def as_json(sections: Sequence[Section]) -> str:
    """Everything that was measured, one object."""
    document = {
        "schema": "nb2pipe.benchmarks/1",
        "python": platform.python_version(),
        "sections": [
            {
                "title": section.title,
                "unit": section.unit,
                "cpu_seconds" if section.unit == "CPU seconds" else "measured": {
                    name: list(values) for name, values in section.seconds.items()
                },
                "ratios": [
                    {
                        "name": measured.goal.name,
                        "against": measured.goal.against,
                        "value": measured.value,
                        "unit": "CPU seconds" if measured.goal.seconds else "times",
                        "most": measured.goal.most,
                        "least": measured.goal.least,
                        "met": measured.met,
                    }
                    for measured in section.ratios
                ],
                "notes": list(section.notes),
                "failures": list(section.failures),
            }
            for section in sections
        ],
    }
    return json.dumps(document, indent=2)
