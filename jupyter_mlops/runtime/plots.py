"""Plotly figures → HTML for a step's page."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .page import Page


def plotly_html(page: Page, figure: Any) -> str:
    """Give the HTML of a figure; the first one of a page brings Plotly's code with it."""
    page.charts += 1
    return str(figure.to_html(full_html=False, include_plotlyjs=page.charts == 1, div_id=f"figure-{page.charts}"))
