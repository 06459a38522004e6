"""NB702 name-not-allowed."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NameNotAllowed(Violation):
    """A name breaks a rule of the backend."""

    code = "NB702"
    slug = "name-not-allowed"
    severity = Severity.ERROR
    since = "0.1"
    message = "backend `{backend}` does not allow the name `{name}`: {reason}"
    why = "the server would refuse it, or run something else under it"
    fix = "choose another name"

    name: str
    backend: str
    reason: str
