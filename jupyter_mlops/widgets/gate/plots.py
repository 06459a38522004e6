"""Numbers of a gate → SVG: a forest plot of intervals with the margin line, a reliability curve, a bar of latencies."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.gate.words import claim, interval, shown
from jupyter_mlops.widgets.markup import BADGES, escape

COLOURS = {"pass": "var(--mlops-good)", "fail": "var(--mlops-bad)", "inconclusive": "var(--mlops-unsure)"}
MOST = 40
"""Slices that are drawn; the worst come first, and a note says how many are left out."""


def forest(rows: list[dict[str, Any]], title: str) -> str:
    """Draw intervals one below the other, around no difference, with the line that they must not cross."""
    drawn = sorted((row for row in rows if row["low"] is not None and row["high"] is not None), key=_badness)[:MOST]
    if not drawn:
        return ""
    marks = [0.0] + [row["threshold"] for row in drawn if row["threshold"] is not None]
    low, high = min([*marks, *(row["low"] for row in drawn)]), max([*marks, *(row["high"] for row in drawn)])
    room = (high - low or 1.0) * 0.05
    low, high = low - room, high + room
    left, width, step = 190, 360, 22

    def x(value: float) -> float:
        return float(round(left + (value - low) / (high - low) * width, 1))

    bottom = len(drawn) * step + 6
    parts = [f'<line x1="{x(0)}" x2="{x(0)}" y1="0" y2="{bottom}" stroke="var(--mlops-quiet)"/>']
    limit = drawn[0]["threshold"]
    sides = [limit, -limit] if drawn[0]["side"] == "inside" else [limit]
    parts += [
        f'<line x1="{x(each)}" x2="{x(each)}" y1="0" y2="{bottom}" stroke="var(--mlops-bad)" stroke-dasharray="4 3"/>'
        for each in sides
        if each is not None and low <= each <= high
    ]
    for at, row in enumerate(drawn):
        y = at * step + 14
        colour = "var(--mlops-accent)" if row["report_only"] else COLOURS[row["verdict"]]
        mark = BADGES["info"] if row["report_only"] else BADGES[row["verdict"]]
        name, heard = row["scope"], f"{claim(row)}: {interval(row)}, n = {row['n']:,}"
        parts.append(
            f"<g><title>{escape(heard)}</title>"
            f'<text x="0" y="{y + 4}" fill="{colour}">{mark}</text><text x="16" y="{y + 4}">{escape(name[:28])}</text>'
            f'<line x1="{x(row["low"])}" x2="{x(row["high"])}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
            f'<circle cx="{x(row["estimate"])}" cy="{y}" r="4" fill="{colour}"/>'
            f'<text x="{left + width + 10}" y="{y + 4}">{escape(interval(row))} · n {row["n"]:,}</text></g>'
        )
    words = "no difference" if not limit else f"no difference (solid) and margin {shown(limit, drawn[0]['unit'], sign=True)} (dashed)"
    parts.append(f'<text x="{left}" y="{bottom + 14}">{escape(words)}</text>')
    label = f"{title}: {len(drawn)} intervals, the worst first"
    return _svg(left + width + 250, bottom + 22, label, "".join(parts))


def reliability(points: list[dict[str, float]]) -> str:
    """Draw the share of positives over the score, with intervals, beside the diagonal."""
    size, edge = 200, 34

    def x(value: float) -> float:
        return round(edge + value * size, 1)

    def y(value: float) -> float:
        return round(8 + (1 - value) * size, 1)

    line = " ".join(f"{x(p['score'])},{y(p['share'])}" for p in points)
    parts = [
        f'<rect x="{edge}" y="8" width="{size}" height="{size}" fill="none" stroke="var(--mlops-line)"/>',
        f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="var(--mlops-quiet)" stroke-dasharray="4 3"/>',
        f'<polyline points="{line}" fill="none" stroke="var(--mlops-accent)"/>',
    ]
    parts += [
        f"<g><title>score {p['score']:.2f}: {p['share']:.1%} positive, {p['low']:.1%} to {p['high']:.1%}, n = {p['n']:,}</title>"
        f'<line x1="{x(p["score"])}" x2="{x(p["score"])}" y1="{y(p["low"])}" y2="{y(p["high"])}" stroke="var(--mlops-accent)"/>'
        f'<circle cx="{x(p["score"])}" cy="{y(p["share"])}" r="3" fill="var(--mlops-accent)"/></g>'
        for p in points
    ]
    for tick in (0.0, 0.5, 1.0):
        parts.append(f'<text x="{x(tick)}" y="{size + 22}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{edge - 5}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="{edge + size / 2}" y="{size + 38}" text-anchor="middle">mean score</text>')
    parts.append(f'<text transform="translate(9 {8 + size / 2}) rotate(-90)" text-anchor="middle">share of positives</text>')
    return _svg(edge + size + 12, size + 44, f"calibration: share of positives over the mean score, {len(points)} bins", "".join(parts))


def times(latency: dict[str, Any], limits: dict[str, float]) -> str:
    """Draw the quantiles of the latency on one line, with the limits."""
    high = max([latency["p99"], *limits.values()]) * 1.08 or 1.0
    left, width = 10, 420

    def x(value: float) -> float:
        return round(left + value / high * width, 1)

    parts = [
        f'<line x1="{left}" x2="{left + width}" y1="26" y2="26" stroke="var(--mlops-line)"/>',
        f'<line x1="{x(latency["p5"])}" x2="{x(latency["p99"])}" y1="26" y2="26" stroke="var(--mlops-accent)" stroke-width="2"/>',
        f'<rect x="{x(latency["p25"])}" y="19" width="{max(x(latency["p75"]) - x(latency["p25"]), 1)}" height="14" rx="2" fill="var(--mlops-accent)" fill-opacity="0.35"/>',
    ]
    for name, drop in (("p50", 50), ("p99", 64)):
        parts.append(
            f'<line x1="{x(latency[name])}" x2="{x(latency[name])}" y1="16" y2="36" stroke="var(--mlops-accent)" stroke-width="2"/>'
        )
        parts.append(f'<text x="{x(latency[name])}" y="{drop}">{name} {shown(latency[name], "ms")}</text>')
    for name, limit in limits.items():
        parts.append(f'<line x1="{x(limit)}" x2="{x(limit)}" y1="6" y2="40" stroke="var(--mlops-bad)" stroke-dasharray="4 3"/>')
        parts.append(f'<text x="{x(limit)}" y="{10 if name == "p99" else 80}" text-anchor="end">{name} limit {shown(limit, "ms")}</text>')
    label = f"latency of {latency['n']:,} warm requests: p50 {shown(latency['p50'], 'ms')}, p99 {shown(latency['p99'], 'ms')}"
    return _svg(left + width + 90, 86, label, "".join(parts))


def _badness(row: dict[str, Any]) -> tuple[bool, float]:
    return row["scope"] != "all rows", row["low"] if row["side"] != "below" else -row["high"]


def _svg(width: float, height: float, label: str, body: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto"><title>{escape(label)}</title>{body}</svg>'
    )
