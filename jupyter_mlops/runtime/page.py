"""The displays of a step → one self-contained HTML page.

The page holds no clock, no memory address and nothing from outside: the same step gives the same page.
"""

from __future__ import annotations

import base64
import html
import io
import os
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .display import Display

_HEAD = """<!doctype html>
<meta charset="utf-8"><title>{0}</title><style>
body{{font:15px sans-serif;margin:2em}}pre{{white-space:pre-wrap}}
table{{border-collapse:collapse}}td,th{{padding:.3em}}img,svg{{max-width:100%}}</style>
<h1>{0}</h1>
"""


class Page:
    """Collects what is displayed, a section for each cell."""

    def __init__(self, display: Display) -> None:
        os.environ.setdefault("MPLBACKEND", "Agg")
        self.display = display
        self.sections: dict[int, list[str]] = {}
        self.fragments: list[str] = []  # of the cell that is running
        self.shown: list[Any] = []  # the values that this cell has displayed
        self.charts = 0

    def begin(self, cell: int) -> None:
        """Open the section of a cell."""
        self.fragments = self.sections.setdefault(cell, [])

    def end(self) -> None:
        """Show the figures that the cell left open, as a notebook does, and close them."""
        self.show_figures()
        self.shown = []

    def show_figures(self) -> None:
        """Stand in for ``pyplot.show``."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot:
            for figure in map(pyplot.figure, pyplot.get_fignums()):
                if all(figure is not other for other in self.shown):
                    self.display.show(figure)
            pyplot.close("all")

    def add(self, value: Any, bundle: dict[str, Any], text: str) -> None:
        """Put a value on the page; memory addresses are taken out."""
        self.shown.append(value)
        self.fragments.append(re.sub(r"\bat 0x[0-9a-fA-F]+", "at 0x…", self.render(value, bundle, text)))

    def render(self, value: Any, bundle: dict[str, Any], text: str) -> str:
        """Give the HTML of a value: its richest form, as IPython's protocol offers them, or its text.

        The first Plotly figure brings Plotly's code with it.
        A matplotlib figure is drawn as Jupyter does: cropped, at its own resolution.
        """
        if is_a(value, "plotly.basedatatypes", "BaseFigure"):
            from .plots import plotly_html

            return plotly_html(self, value)
        if is_a(value, "matplotlib.figure", "Figure"):
            file = io.BytesIO()
            value.savefig(file, format="png", bbox_inches="tight", dpi="figure", facecolor="auto", metadata={"Software": None})
            bundle = {"image/png": file.getvalue()}
        found = {re.split("[/+]", mime)[1]: data for mime, data in (bundle or call(value, "_repr_mimebundle_") or {}).items()}
        for kind in ("html", "svg", "png", "jpeg", "markdown", "latex"):
            data = found.get(kind) or call(value, f"_repr_{kind}_")
            if data and kind in ("html", "svg"):
                return str(data)
            if data and kind in ("png", "jpeg"):
                encoded = base64.b64encode(data).decode() if isinstance(data, bytes) else data
                return f'<img alt="" src="data:image/{kind};base64,{encoded}">'
            if data:
                text = str(data)
                break
        return f"<pre>{html.escape(text)}</pre>"

    def html(self, title: str) -> str:
        """Write the whole page."""
        parts = [_HEAD.format(html.escape(title))]
        for cell, fragments in self.sections.items():
            if fragments:
                parts += [f"<section><h2>cell {cell}</h2>\n", *(f"<div>{fragment}</div>\n" for fragment in fragments), "</section>\n"]
        return "".join(parts)


def call(value: Any, name: str) -> Any:
    """Call a display method if there is one; some give a pair, the second half being about layout."""
    try:
        data = getattr(value, name)()
        return data[0] if isinstance(data, tuple) else data
    except Exception:  # no such method, a class and not an object, or a broken one: another form is shown
        return None


def is_a(value: Any, module: str, name: str) -> bool:
    """Say whether a value is an instance of a class of a module that may not even be loaded."""
    return isinstance(value, getattr(sys.modules.get(module), name, ()))
