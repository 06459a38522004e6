"""NB102 conflicting-tags."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ConflictingTags(Violation):
    """Two tags of a cell, or of a step, exclude each other."""

    code = "NB102"
    slug = "conflicting-tags"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{tag}` conflicts with `{other}`"
    why = "either could be meant, and guessing would compile a pipeline that nobody wrote down"
    fix = "remove one of the two"

    tag: str
    other: str
