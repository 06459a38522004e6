"""NB801 input-missing."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class InputMissing(Violation):
    """A step started without one of its inputs."""

    code = "NB801"
    slug = "input-missing"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` did not receive `{name}`"
    why = "the step before it ended without writing it"
    fix = "read the log of the step that makes `{name}`"

    name: str
    step: str
