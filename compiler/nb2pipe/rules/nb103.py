"""NB103 step-name-unusable."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class StepNameUnusable(Violation):
    """A step name cannot become a file, module and task name."""

    code = "NB103"
    slug = "step-name-unusable"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{name}` cannot be a step name"
    why = "a step name becomes a task, a module and a folder: letters, digits, `_` and `-`, beginning with a letter, at most 63 characters"
    fix = "write `step:{suggestion}`"

    name: str
    suggestion: str
