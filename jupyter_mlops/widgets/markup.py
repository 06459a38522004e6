"""The few pieces that every report is drawn from: frame, badge, table, number. One look, light and dark, no JavaScript."""

from __future__ import annotations

import html
import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BADGES = {"pass": "✓", "fail": "✗", "inconclusive": "?", "warning": "!", "info": "i"}
"""A verdict is never told by colour alone."""

_NUMBER = re.compile(r"[-+−]?[\d,]*\.?\d+(e[-+]?\d+)?( ?(%|s|ms|bytes|KiB|MiB|GiB|TiB))?")


def escape(value: object) -> str:
    """Make any text safe inside HTML, attributes included."""
    return html.escape(str(value), quote=True)


def badge(kind: str, words: str = "") -> str:
    """Draw a verdict: its mark and its words; `kind` is a key of `BADGES`."""
    return f'<span class="mlops-badge mlops-{kind}"><span aria-hidden="true">{BADGES[kind]}</span> {escape(words or kind.upper())}</span>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "") -> str:
    """Draw a table. Cells of `rows` are HTML already (use `escape`); a column of nothing but numbers stands right."""
    rows = [list(row) for row in rows]
    right = [_is_numeric(column) for column in zip(*rows, strict=True)] or [False] * len(head)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    side = [' class="mlops-right"' if each else "" for each in right]
    top = "".join(f'<th scope="col"{place}>{escape(name)}</th>' for name, place in zip(head, side, strict=True))
    body = "".join("<tr>" + "".join(f"<td{place}>{cell}</td>" for cell, place in zip(row, side, strict=True)) + "</tr>" for row in rows)
    return f'<table class="mlops-table">{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _is_numeric(cells: Sequence[str]) -> bool:
    return any(cell not in {"", "–"} for cell in cells) and all(cell in {"", "–"} or _NUMBER.fullmatch(cell) for cell in cells)


def number(value: float | None, digits: int = 3) -> str:
    """Write a number for people: `digits` significant digits, thousands separated, "–" for nothing."""
    if value is None or math.isnan(value):
        return "–"
    if isinstance(value, int) or (math.isfinite(value) and abs(value) >= 10**digits):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def details(summary: str, body: str, *, opened: bool = False) -> str:
    """Fold `body` (HTML) under a line of text."""
    return f"<details{' open' * opened}><summary>{escape(summary)}</summary>{body}</details>"


def frame(title: str, body: str, *, verdict: str = "", words: str = "", subtitle: str = "") -> str:
    """Draw the frame of a report: title, verdict, body (HTML)."""
    mark = badge(verdict, words) if verdict else ""
    small = f'<p class="mlops-subtitle">{escape(subtitle)}</p>' if subtitle else ""
    # no <h3>: JupyterLab numbers headings and lists them in the notebook's table of contents
    head = f'<header><div class="mlops-title" role="heading" aria-level="3">{escape(title)}</div>{mark}</header>{small}'
    return f'<style>{style()}</style><section class="mlops-report" aria-label="{escape(title)}">{head}{body}</section>'


def page(title: str, body: str) -> str:
    """Make a whole page of a report's HTML."""
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><body>{body}</body></html>\n'


@cache
def style() -> str:
    """The style sheet, as one line."""
    return " ".join((Path(__file__).parent / "style.css").read_text(encoding="utf-8").split())
