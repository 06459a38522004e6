"""A planned rollout → text and HTML: for each stage its files, its command, what to know."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import details, escape, frame


def headline(view: dict[str, Any]) -> str:
    """Say in one sentence what is planned."""
    count = len(view["plan"])
    return f"{view['model']} version {view['version']} to {view['target']}: {count} {'stage' if count == 1 else 'stages'} planned, nothing applied."


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view)]
    for stage in view["plan"]:
        lines += [f"\n{stage['name']}", f"  $ {stage['command']}", *(f"  note: {note}" for note in stage["notes"])]
        lines += [f"  # {name}\n{content}" for name, content in stage["files"].items()]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    body = ""
    for place, stage in enumerate(view["plan"]):
        notes = "".join(f"<p>{escape(note)}</p>" for note in stage["notes"])
        files = "".join(f"<h4>{escape(name)}</h4><pre>{escape(content)}</pre>" for name, content in stage["files"].items())
        body += details(f"{stage['name']}: {stage['command']}", notes + files, opened=not place)
    return frame(view["title"], body, verdict="info", words="planned", subtitle=headline(view))
