"""NB214 cell-run-again."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class CellRunAgain(Violation):
    """A cell last ran on values that it does not get when the notebook runs from top to bottom."""

    code = "NB214"
    slug = "cell-run-again"
    severity = Severity.WARNING
    since = "0.1"
    message = "this cell last ran as number {count}, when {what}"
    why = "its saved output comes from values that a pipeline, which runs the cells from top to bottom, never gives it"
    fix = "run the notebook from top to bottom once (Restart and Run All), and compare its results before you rely on them"
    label = "read here"

    count: int
    what: str
