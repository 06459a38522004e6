"""A report that changes while work goes on → one output in the notebook that is drawn again; elsewhere nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import kernel_shell

if TYPE_CHECKING:
    from jupyter_mlops.report import Report

BETWEEN_SECONDS = 0.5


class Live:
    """One output that is replaced at most twice a second, and is empty at the end, when the verb's own result stands there."""

    def __init__(self) -> None:
        self.handle: Any = None
        self.last = -BETWEEN_SECONDS
        self.shown = kernel_shell() is not None

    def due(self) -> bool:
        """Tell whether it is time to draw again."""
        return self.shown and time.monotonic() - self.last >= BETWEEN_SECONDS

    def show(self, report: Report) -> None:
        """Draw."""
        from IPython.display import HTML, display

        self.last = time.monotonic()
        page = HTML(report.html())
        if self.handle is None:
            self.handle = display(page, display_id=True)
        else:
            self.handle.update(page)

    def end(self) -> None:
        """Leave the place empty."""
        if self.handle is not None:
            from IPython.display import HTML

            self.handle.update(HTML(""))
