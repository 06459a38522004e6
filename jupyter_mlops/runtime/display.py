"""What the cells of a step display → its text form in the log, and its rich form on the step's page if there is one (`page.py`)."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .output import Log
    from .page import Page

_LONGEST = 10_000  # characters of one text form


class Display:
    """Stands in for what IPython puts between a cell and the reader: ``display``, ``clear_output``, ``pyplot.show``."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.cell = 0
        self.fragments: list[str] = []  # the HTML of one cell
        self.shown: list[Any] = []  # this cell's figures that were displayed already
        self.page: Optional[Page] = None

    def begin(self, cell: int) -> None:
        """Open the section of a cell."""
        self.log.begin(f"cell {cell} │ ")
        if cell != self.cell:
            self.cell, self.fragments = cell, []
            if self.page:
                self.page.sections.append((cell, self.fragments))

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
                    self.show(figure)
            pyplot.close("all")

    def show(self, *values: Any, raw: bool = False, display_id: object = None, **_: Any) -> Any:
        """Stand in for ``display``; with `raw` a value is a bundle of MIME types, with `display_id` the result can show it anew."""
        for value in values:
            self.shown.append(value)
            text = value.get("text/plain", "") if raw else plain(value)
            text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
            print(text)
            if self.page:
                self.fragments.append(self.page.render(value, value if raw else {}, text))
        return self if display_id else None

    display = show
    update = show  # methods of a display handle

    def clear(self, wait: bool = False) -> None:
        """Stand in for ``clear_output``."""
        self.fragments.clear()


def plain(value: Any) -> str:
    """Give the text form; a broken ``__repr__`` is no reason to stop a step."""
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__}: {type(error).__name__} in its repr>"
