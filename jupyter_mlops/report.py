"""What every verb returns: facts in a plain `view`, drawn as text, as HTML without JavaScript, and as a widget where there is a live kernel.

A verb computes, `jupyter_mlops.widgets.KIND` draws. That folder has ``text(view)`` and ``html(view)``; where something can be done or is live, the
report gives a `widget` too.

A widget alone would be an error message in a notebook that is opened again without its kernel ("model not found"), whatever other forms stand
beside it in the same output. So a report is one output of its own, in HTML, and the widget a second one; the style sheet shows whichever works.
"""

from __future__ import annotations

import os
import sys
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from jupyter_mlops.errors import Rejected
from jupyter_mlops.place import Where, here, kernel_shell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Verdict(Enum):
    """The outcome of a check; "cannot tell" is one of them."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class Report:
    """Base of all results. A subclass says its `kind` and gives its `view`: JSON values only, in a fixed order, no clock, no path of this machine."""

    kind: ClassVar[str]

    def view(self) -> dict[str, Any]:
        """Give all facts that are drawn."""
        raise NotImplementedError

    @property
    def metrics(self) -> Mapping[str, float]:
        """Give the numbers that are worth comparing between runs; in a pipeline step they become the step's KFP metrics."""
        return {}

    def items(self) -> Iterable[tuple[str, float]]:
        """Give the metrics in pairs, as the step runtime reads them."""
        return self.metrics.items()

    def text(self) -> str:
        """Draw as text: what logs, terminals and screen readers get."""
        return str(_drawing(self.kind).text(self.view()))

    def html(self) -> str:
        """Draw as HTML that needs no JavaScript and nothing from a network."""
        return str(_drawing(self.kind).html(self.view()))

    def save(self, path: str | Path) -> Path:
        """Write a whole HTML page, at once."""
        from jupyter_mlops.widgets.markup import page

        target = Path(path)
        partial = target.with_name(target.name + ".partial")
        partial.write_text(page(self.view().get("title", self.kind), self.html()), encoding="utf-8")
        return partial.replace(target)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()

    def _ipython_display_(self) -> None:
        """Show the report where IPython runs, and its widget where a person looks on: in a session of a Jupyter server."""
        from IPython.display import display

        watched = kernel_shell() is not None and "JPY_SESSION_NAME" in os.environ
        live = self.widget() if watched else None
        mark = '<i class="mlops-has-live" hidden></i>' if live is not None else ""
        display({"text/plain": self.text(), "text/html": mark + self.html()}, raw=True)
        if live is not None:
            display(live)

    def widget(self) -> Any:
        """Give an anywidget where something can be done or is live, else None. What it draws stands in an element of class ``mlops-live``."""
        return None


R = TypeVar("R", bound=Report)


def deliver(report: R, verdict: Verdict = Verdict.PASS, *, blocks: tuple[Verdict, ...] = (Verdict.FAIL, Verdict.INCONCLUSIVE)) -> R:
    """Hand a result to where the verb was called: a notebook draws what it gets; a step shows it now, and stops if the verdict `blocks`.

    Raises
    ------
    Rejected
        In a pipeline step, for a blocking verdict: the step fails, and with it what depends on it.
    """
    if here().where is not Where.STEP or verdict not in blocks:
        return report
    show = getattr(sys.modules.get("__main__"), "display", None)  # the step runtime's
    if show is not None:
        show(report)
    raise Rejected(report.text().splitlines()[0], report)


def _drawing(kind: str) -> Any:
    return import_module(f"jupyter_mlops.widgets.{kind}")
