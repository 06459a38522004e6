"""NB703 resource-not-expressible."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ResourceNotExpressible(Violation):
    """A backend cannot express a resource or setting; `reason`, if any, begins with a colon."""

    code = "NB703"
    slug = "resource-not-expressible"
    severity = Severity.ERROR
    since = "0.1"
    message = "backend `{backend}` cannot carry `{resource}` of {place}{reason}"
    why = "the step would run without it, and fail or never be scheduled"
    fix = "use a resource that the backend knows, or another backend"

    resource: str
    backend: str
    place: str
    reason: str = ""
