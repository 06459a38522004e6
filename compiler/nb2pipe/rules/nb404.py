"""NB404 unused-output."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnusedOutput(Violation):
    """A step computes a number or fits a model that nothing uses, shows or saves."""

    code = "NB404"
    slug = "unused-output"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{name}` of step `{step}` is used by no step"
    why = "it is not stored, so it cannot be looked at after the run"
    fix = "{advice}"

    name: str
    step: str
    advice: str
