"""A training: its metrics and their curves, and what it was made from."""

from __future__ import annotations

import math
from typing import Any

from jupyter_mlops.widgets.markup import details, escape, frame, number, table

_BADGES = {"finished": "pass", "failed": "fail", "killed": "fail", "running": "info"}


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view), *(f"  {name} = {value}" for name, value in view["parameters"].items()), f"  run    {view['id']}"]
    lines += [f"  data   {each['name']} {each['content'][:19]}…" for each in view["data"]]
    if view["code"]:
        lines.append(f"  code   {view['code'][:19]}…" + (f" at {view['commit'][:10]}" if view["commit"] else ""))
    if view["model"]:
        lines.append(f"  model  {view['model']}")
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    rows = [
        [f"<code>{escape(name)}</code>", number(value, 5), _curve(name, view["curves"].get(name, []))]
        for name, value in view["metrics"].items()
    ]
    body = table(["metric", "last", "course"], rows) if rows else ""
    if view["parameters"]:
        chosen = [[f"<code>{escape(name)}</code>", escape(value)] for name, value in view["parameters"].items()]
        body += details(f"{len(chosen)} parameters", table(["parameter", "value"], chosen), opened=len(chosen) <= 6)
    made = [["run", f"<code>{view['id']}</code>"]]
    if view["code"]:
        made.append(
            [
                "code",
                f"<code>{view['code'][:19]}…</code>" + (f" at commit <code>{escape(view['commit'][:10])}</code>" if view["commit"] else ""),
            ]
        )
    made += [[f"data {escape(each['name'])}", f"<code>{each['content'][:19]}…</code> {escape(each['uri'])}"] for each in view["data"]]
    made += [["model", f"<code>{escape(view['model'])}</code>"]] if view["model"] else []
    made.append(["environment", f"{view['packages']} distributions"])
    body += details("made from", table(["what", "which"], made), opened=True)
    return frame(f"Run: {view['title']}", body, verdict=_BADGES[view["state"]], words=view["state"])


def headline(view: dict[str, Any]) -> str:
    """Say what came out in one sentence."""
    told = ", ".join(f"{name} {number(value, 5)}" for name, value in view["metrics"].items())
    return f"{view['title']}: {view['state']}" + (f"; {told}" if told else "")


def _curve(name: str, curve: list[tuple[int, float]]) -> str:
    points = [(step, value) for step, value in curve if math.isfinite(value)]
    if len(points) < 2:
        return ""
    steps, values = [step for step, _ in points], [value for _, value in points]
    width, span = (max(steps) - min(steps)) or 1, (max(values) - min(values)) or 1.0
    line = " ".join(f"{2 + 216 * (step - min(steps)) / width:.1f},{34 - 30 * (value - min(values)) / span:.1f}" for step, value in points)
    title = f"{name} over {len(points)} steps: from {number(values[0], 4)} to {number(values[-1], 4)}, between {number(min(values), 4)} and {number(max(values), 4)}"
    last = line.rsplit(" ", 1)[-1].split(",")
    return (
        f'<svg width="224" height="38" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        '<line x1="2" x2="218" y1="36" y2="36" stroke="var(--mlops-line)"/>'
        f'<polyline points="{line}" fill="none" stroke="var(--mlops-accent)" stroke-width="1.5"/>'
        f'<circle cx="{last[0]}" cy="{last[1]}" r="2.5" fill="var(--mlops-accent)"/></svg>'
    )
