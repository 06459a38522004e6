"""NB109 unused-suppression."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnusedSuppression(Violation):
    """An `ignore:` tag silences nothing."""

    code = "NB109"
    slug = "unused-suppression"
    severity = Severity.WARNING
    since = "0.1"
    message = "`ignore:{suppressed}` silences nothing here"
    why = "a suppression that outlives its finding hides the next one"
    fix = "remove the tag `ignore:{suppressed}`"

    suppressed: str
