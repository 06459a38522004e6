"""The lineage graph and the difference of two runs → text, HTML, and an interactive graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.widgets.lineage.drawing import drawing
from jupyter_mlops.widgets.markup import details, escape, frame, table

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = ("code", "data", "parameters", "environment", "metrics", "results")
_MOST_ROWS = 120
_MOST_DRAWN = 160
_MOST_DIFFS = 20


def text(view: dict[str, Any]) -> str:
    """Draw as text: the answer, then a line for each thing and what it was made from."""
    lines = [view["headline"]]
    if view["what"] == "difference":
        return "\n".join([*lines, *_difference_lines(view)])
    lines += [
        f"  {row['kind']:<10} {row['label']}" + (f"  ← {row['from']}" if row["from"] else "") + _marks(row["marks"])
        for row in _rows(view)[:_MOST_ROWS]
    ]
    more = len(view["nodes"]) - _MOST_ROWS
    return "\n".join(lines + ([f"  … and {more} more"] if more > 0 else []))


def html(view: dict[str, Any]) -> str:
    """Draw as HTML without JavaScript: a graph and the same as a table."""
    if view["what"] == "difference":
        return frame(view["title"], f"<p>{escape(view['headline'])}</p>" + "".join(_difference_part(view, part) for part in _PARTS))
    rows = _rows(view)
    body = f"<p>{escape(view['headline'])}</p>"
    if 0 < len(rows) <= _MOST_DRAWN:
        body += f'<div style="overflow-x:auto">{drawing(view)}</div>'
    cells = [
        [escape(row["kind"]), escape(row["label"]), escape(row["from"]) or "–", escape("; ".join(row["marks"])) or "–"]
        for row in rows[:_MOST_ROWS]
    ]
    more = len(rows) - _MOST_ROWS
    listed = table(("kind", "what", "made from", "state"), cells) + (f"<p>… and {more:,} more</p>" if more > 0 else "")
    return frame(view["title"], body + details(f"all {len(rows):,} as a table", listed, opened=len(rows) <= 12 or len(rows) > _MOST_DRAWN))


def widget(view: dict[str, Any], *, expand: Callable[[list[str]], dict[str, Any]] | None = None) -> Any:
    """Draw as an interactive graph.

    Parameters
    ----------
    view : dict
        The graph.
    expand : callable, optional
        From names of groups that shall be open to a new view.

    Raises
    ------
    EnvironmentProblem
        If anywidget is not installed.
    """
    from jupyter_mlops.widgets.lineage.live import make

    return make(view, expand)


def _rows(view: dict[str, Any]) -> list[dict[str, Any]]:
    """Nodes from left to right, each with what it was made from."""
    nodes = view["nodes"]
    sources: dict[int, list[str]] = {}
    for source, target in view["edges"]:
        sources.setdefault(target, []).append(_label(nodes[source]))
    order = sorted(range(len(nodes)), key=lambda index: (nodes[index]["x"], nodes[index]["y"], index))
    return [
        {"kind": nodes[index]["kind"], "label": _label(nodes[index]), "from": _few(sources.get(index, [])), "marks": nodes[index]["marks"]}
        for index in order
    ]


def _label(node: dict[str, Any]) -> str:
    version = f" ({node['version']})" if node["size"] > 1 else f" @{node['version']}" if node["version"] else ""
    return f"{node['name']}{version}"


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _marks(marks: list[str]) -> str:
    return f"  [{'; '.join(marks)}]" if marks else ""


def _difference_lines(view: dict[str, Any]) -> list[str]:
    lines = []
    for part in _PARTS:
        for entry in view[part]:
            lines.append(f"  {part}: {entry['name']}: {_value(entry['before'])} → {_value(entry['after'])}")
            lines += [f"      {line}" for line in entry.get("lines", ())]
    return lines


def _difference_part(view: dict[str, Any], part: str) -> str:
    entries = view[part]
    if not entries:
        return ""
    a, b = view["runs"]
    rows = [[escape(each["name"]), escape(_value(each["before"])), escape(_value(each["after"]))] for each in entries[:_MOST_ROWS]]
    more = f"<p>… and {len(entries) - _MOST_ROWS} more</p>" if len(entries) > _MOST_ROWS else ""
    diffs = "".join(details(f"source of {each['name']}", _diff(each["lines"])) for each in entries[:_MOST_DIFFS] if each.get("lines"))
    return f"<h4>{part}</h4>" + table((part, a, b), rows) + more + diffs


def _diff(lines: list[str]) -> str:
    """A line's first character says added or removed; the colour only repeats it."""
    tints = {"+": "var(--mlops-good)", "-": "var(--mlops-bad)"}
    shown = (f'<span style="color:{tints[line[0]]}">{escape(line)}</span>' if line[:1] in tints else escape(line) for line in lines)
    return f'<pre style="overflow-x:auto;margin:4px 0">{chr(10).join(shown)}</pre>'


def _value(value: object) -> str:
    if value is None:
        return "–"
    words = str(value)
    return words.partition(":")[2][:8] if words.startswith("sha256:") else words if len(words) <= 60 else words[:57] + "…"
