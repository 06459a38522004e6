"""NB706 cannot-export."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class CannotExport(Violation):
    """Code would do something else in a Python project than in the notebook."""

    code = "NB706"
    slug = "cannot-export"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` cannot be exported: {reason}"
    why = "the project would compute something else than the notebook"
    fix = "write it so that it means the same inside a function; `nb2pipe explain NB706` shows how"

    step: str
    reason: str
