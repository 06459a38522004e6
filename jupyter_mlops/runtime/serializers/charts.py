"""Plotly figures ↔ their own JSON."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a figure."""
    import plotly.graph_objects

    if type(value) is not plotly.graph_objects.Figure:
        return None
    with open(path + ".plotly", "w", encoding="utf-8") as file:
        file.write(value.to_json())
    return "plotly-json"


def load(encoding: str, path: str) -> Any:
    """Read a figure."""
    import plotly.io

    with open(path + ".plotly", encoding="utf-8") as file:
        return plotly.io.from_json(file.read())
