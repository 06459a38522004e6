"""NB108 empty-step."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class EmptyStep(Violation):
    """A step has no code."""

    code = "NB108"
    slug = "empty-step"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` has no code"
    why = "a container would start, do nothing and end"
    fix = "remove the tag, or write the step"

    step: str
