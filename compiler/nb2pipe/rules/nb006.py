"""NB006 duplicate-cell-id."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DuplicateCellId(Violation):
    """Two cells have the same id."""

    code = "NB006"
    slug = "duplicate-cell-id"
    severity = Severity.WARNING
    since = "0.1"
    message = "the cell id `{id}` is already that of cell {other}"
    why = "the id is how an editor, a log line and a suppression find their cell"
    fix = "open the notebook in Jupyter and save it: the second cell gets an id of its own"

    id: str
    other: int
