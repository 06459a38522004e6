"""Training-serving skew: whether the notebook and the served model answer alike, and the first rows where they do not."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import escape, frame, number, table

HEAD = ("row", "output", "notebook", "served")


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [f"{view['verdict'].upper()}: {view['reason']}", f"largest difference {view['largest']:.3g}, tolerance {view['tolerance']:.3g}"]
    lines += [f"  row {row}, {output}: notebook {mine}, served {theirs}" for row, output, mine, theirs in view["first"]]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    return frame(view["title"], body(view), verdict=view["verdict"], subtitle=view["reason"])


def body(view: dict[str, Any]) -> str:
    """Draw without the frame."""
    note = f"<p>Largest difference {number(view['largest'])}, tolerance {number(view['tolerance'])}, over {number(view['rows'])} rows.</p>"
    if not view["first"]:
        return note
    rows = [[escape(cell) for cell in row] for row in view["first"]]
    return note + table(HEAD, rows, caption=f"the first of {number(view['differing'])} rows that differ")
