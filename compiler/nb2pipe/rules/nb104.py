"""NB104 split-step."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class SplitStep(Violation):
    """The cells of a step do not stand together."""

    code = "NB104"
    slug = "split-step"
    severity = Severity.NOTE
    since = "0.1"
    message = "step `{step}` continues here after cells of other steps"
    why = "all cells of a step run together in one container, so this cell no longer runs where it stands"
    fix = "move the cell up to its step, or give it a step of its own"
    label = "continues here"

    step: str
