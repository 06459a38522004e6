"""NB105 tag-on-text-cell."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class TagOnTextCell(Violation):
    """A text cell has a tag that only code cells can have."""

    code = "NB105"
    slug = "tag-on-text-cell"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{tag}` has no effect on a text cell"
    why = "only code runs in a step; the tag was probably meant for the code cell below"
    fix = "move the tag to the code cell that it is about"

    tag: str
