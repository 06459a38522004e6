"""The graph's view → one SVG that reads without JavaScript."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import escape

COLUMN, ROW, WIDTH, HEIGHT = 220, 58, 172, 44
"""Pixels: distance of layers and of rows, size of a box."""

GLYPHS = {"cell": "[ ]", "dataset": "▤", "model": "◆", "deployment": "▲", "report": "✎", "run": "▶"}
"""A kind is never told by colour alone."""

_TINTS = {
    "cell": "var(--mlops-quiet)",
    "dataset": "var(--mlops-accent)",
    "model": "light-dark(#6f42c1, #c4a1ff)",
    "deployment": "var(--mlops-good)",
    "report": "var(--mlops-unsure)",
    "run": "var(--mlops-quiet)",
}


def drawing(view: dict[str, Any]) -> str:
    """Draw all nodes and edges; each node's title says all that a pointer would show."""
    nodes = view["nodes"]
    width = (max(node["x"] for node in nodes) + 1) * COLUMN - COLUMN + WIDTH + 16
    height = max(node["y"] for node in nodes) * ROW + HEIGHT + 16
    edges = "".join(_edge(nodes[source], nodes[target]) for source, target in view["edges"])
    boxes = "".join(_box(node) for node in nodes)
    words = escape(f"{view['headline']}. From left to right: what was made stands right of what it was made from.")
    return (
        f'<svg role="img" aria-label="{words}" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<title>{words}</title><g fill="none" stroke="var(--mlops-quiet)" stroke-opacity=".6">{edges}</g>{boxes}</svg>'
    )


def _edge(source: dict[str, Any], target: dict[str, Any]) -> str:
    x1, y1 = source["x"] * COLUMN + 8 + WIDTH, source["y"] * ROW + 8 + HEIGHT / 2
    x2, y2 = target["x"] * COLUMN + 8, target["y"] * ROW + 8 + HEIGHT / 2
    bend = max(24.0, (x2 - x1) / 2)
    return f'<path d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2 - 5:g} {y2:g}l-4 -3m4 3l-4 3"/>'


def _box(node: dict[str, Any]) -> str:
    x, y = node["x"] * COLUMN + 8, node["y"] * ROW + 8
    tint, bold = _TINTS[node["kind"]], 2.5 if node["focus"] else 1
    mark = "● " if any(mark.startswith("live") for mark in node["marks"]) else "⚠ " if node["marks"] else ""
    dashed = ' stroke-dasharray="5 3"' if any(mark.startswith("stale") for mark in node["marks"]) else ""
    stack = (
        f'<rect x="{x + 4:g}" y="{y + 4:g}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="var(--mlops-raised)" stroke="{tint}"/>'
        if node["size"] > 1
        else ""
    )
    about = escape("; ".join([f"{node['kind']} {node['name']} {node['version']}".strip(), *node["marks"]]))
    name = escape(_cut(node["name"], 24))
    small = escape(f"{GLYPHS[node['kind']]} {mark}{_cut(node['kind'] + ' ' + node['version'], 22)}")
    return (
        f'<g><title>{about}</title>{stack}<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="var(--mlops-raised)" '
        f'stroke="{tint}" stroke-width="{bold}"{dashed}/>'
        f'<text x="{x + 10:g}" y="{y + 18:g}" style="font-weight:600">{name}</text>'
        f'<text x="{x + 10:g}" y="{y + 34:g}" style="fill:{tint}">{small}</text></g>'
    )


def _cut(words: str, most: int) -> str:
    """The end of a name tells more than its beginning."""
    return words if len(words) <= most else "…" + words[-most + 1 :]
