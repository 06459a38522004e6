"""NB202 dependency-cycle."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DependencyCycle(Violation):
    """Steps wait for each other in a circle."""

    code = "NB202"
    slug = "dependency-cycle"
    severity = Severity.ERROR
    since = "0.1"
    message = "these steps wait for each other: {cycle}"
    why = "a pipeline starts a step when the steps it waits for have ended; in a circle none can start"
    fix = "remove one `after:` tag, or bring the cells of a split step together"

    cycle: str
