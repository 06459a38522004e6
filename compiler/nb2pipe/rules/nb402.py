"""NB402 pickle-fallback."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class PickleFallback(Violation):
    """A value crosses a step as a sealed pickle."""

    code = "NB402"
    slug = "pickle-fallback"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{name}` is passed on as a sealed pickle: {reason}"
    why = "a pickle is tied to the versions of its libraries, and nothing but Python can read it"
    fix = 'pass on plain data, an array or a table; `pickle = "forbid"` makes this an error'

    name: str
    reason: str
