"""NB401 unserializable-value."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnserializableValue(Violation):
    """A value that cannot be stored crosses a step."""

    code = "NB401"
    slug = "unserializable-value"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{name}` cannot cross a step: {reason}"
    why = "what one container makes reaches the next one only through storage"
    fix = "make and use `{name}` in the same step, or pass on what it is made from"

    name: str
    reason: str
