"""The evidence of one guard over time → a small figure: evidence of harm against its bar, evidence of health against its own."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import escape, number

WIDTH, HEIGHT, LOW, HIGH = 200, 64, -3.0, 4.0


def curve(guard: dict[str, Any], interval: float) -> str:
    """Draw a guard's evidence, powers of ten from 0.001 to 10,000."""
    said = f"evidence of harm {number(10 ** max(guard['against']))}, rolled back at {number(10 ** guard['bar'])}"
    lines = _bar(guard["bar"], "--mlops-bad", "harm") + _path(guard["against"], "--mlops-bad", "")
    if guard["for"] is not None:
        said += f"; evidence of health {number(10 ** guard['for'][-1])}, promoted at {number(10 ** guard['for_bar'])}"
        lines += _bar(guard["for_bar"], "--mlops-good", "health") + _path(guard["for"], "--mlops-good", "5 2")
    seconds = len(guard["against"]) * guard["stride"] * interval
    title = f"{said} (after {number(seconds)} s)"
    ground = f'<rect x="0" y="0" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="var(--mlops-line)"/>'
    return (
        f'<svg role="img" aria-label="{escape(title)}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>{escape(title)}</title>{ground}{lines}</svg>"
    )


def _place(value: float) -> float:
    return round(HEIGHT - 3 - (min(max(value, LOW), HIGH) - LOW) / (HIGH - LOW) * (HEIGHT - 6), 1)


def _bar(value: float, colour: str, word: str) -> str:
    y = _place(value)
    label = f'<text x="3" y="{y - 2}" style="font-size:9px">{word}</text>'
    return f'<line x1="0" x2="{WIDTH}" y1="{y}" y2="{y}" stroke="var({colour})" stroke-width="1" stroke-dasharray="1 3"/>{label}'


def _path(values: list[float], colour: str, dashes: str) -> str:
    step = WIDTH / max(len(values) - 1, 1)
    if len(values) == 1:
        return f'<circle cx="{WIDTH - 6}" cy="{_place(values[0])}" r="3" fill="var({colour})"/>'
    points = " ".join(f"{round(place * step, 1)},{_place(value)}" for place, value in enumerate(values))
    return f'<polyline points="{points}" fill="none" stroke="var({colour})" stroke-width="1.8" stroke-dasharray="{dashes}"/>'
