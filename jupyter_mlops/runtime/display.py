"""What the cells of a step display → its text form in the log, and its rich form on the step's page if there is one (`page.py`)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .output import Log
    from .page import Page

_LONGEST = 10_000  # characters of one text form


class Display:
    """Stands in for what IPython puts between a cell and the reader: ``display`` and ``clear_output``."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.page: Optional[Page] = None

    def begin(self, cell: int) -> None:
        """Say which cell is running."""
        self.log.begin(f"cell {cell} │ ")
        if self.page:
            self.page.begin(cell)

    def show(self, *values: Any, raw: bool = False, display_id: object = None, **_: Any) -> Any:
        """Stand in for ``display``; with `raw` a value is a bundle of MIME types, with `display_id` the result can show it anew."""
        for value in values:
            text = value.get("text/plain", "") if raw else plain(value)
            text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
            print(text)
            if self.page:
                self.page.add(value, value if raw else {}, text)
        return self if display_id else None

    display = update = show  # the methods of a display handle

    def clear(self, wait: bool = False) -> None:
        """Stand in for ``clear_output``."""
        if self.page:
            self.page.fragments.clear()


def plain(value: Any) -> str:
    """Give the text form; a broken ``__repr__`` is no reason to stop a step."""
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__}: {type(error).__name__} in its repr>"
