"""NB003 cell-does-not-parse."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class CellDoesNotParse(Violation):
    """The code of a cell is not Python."""

    code = "NB003"
    slug = "cell-does-not-parse"
    severity = Severity.ERROR
    since = "0.1"
    message = "this cell is not Python: {reason}"
    why = "a cell that does not parse cannot be analysed, and would fail in its step too"
    fix = "correct the cell, or tag it `skip` if it does not belong to the pipeline{hint}"
    label = "here"

    reason: str
    hint: str = ""
