"""A gate's facts → HTML."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.gate.words import claim, headline, interval, rule_words
from jupyter_mlops.widgets.markup import badge, escape, frame, table


def html(view: dict[str, Any]) -> str:
    """Draw the whole report."""
    rows = [[badge(row["verdict"]), escape(claim(row)), escape(rule_words(row)), escape(interval(row))] for row in view["rows"]]
    body = f"<p>{escape(headline(view))}</p>" + table(["verdict", "what", "rule", "estimate"], rows)
    return frame(view["title"], body, verdict=view["verdict"])
