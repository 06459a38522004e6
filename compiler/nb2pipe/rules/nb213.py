"""NB213 name-of-deleted-cell."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NameOfDeletedCell(Violation):
    """A cell has run with a name that no cell of the notebook defines any more."""

    code = "NB213"
    slug = "name-of-deleted-cell"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{name}` existed when this cell ran as number {count}, but no cell defines it any more"
    why = "the cell that defined it was deleted or changed: the name lives on in the kernel only, and a step does not have it"
    fix = "write the cell that defines `{name}` again, or make it a parameter"
    label = "read here"

    name: str
    count: int
