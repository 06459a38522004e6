"""NB701 capability-missing."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class CapabilityMissing(Violation):
    """A backend cannot do what a step asks for."""

    code = "NB701"
    slug = "capability-missing"
    severity = Severity.ERROR
    since = "0.1"
    message = "backend `{backend}` cannot do {capability}, which step `{step}` asks for"
    why = "leaving it out would run something else than the notebook says"
    fix = "choose another backend (`nb2pipe backends`), or remove the tag"

    capability: str
    backend: str
    step: str
