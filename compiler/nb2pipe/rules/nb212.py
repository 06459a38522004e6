"""NB212 exit-step-reads-value."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ExitStepReadsValue(Violation):
    """An exit handler reads a value that another step makes."""

    code = "NB212"
    slug = "exit-step-reads-value"
    severity = Severity.ERROR
    since = "0.1"
    message = "the exit step `{step}` reads `{name}`, which another step makes"
    why = "an exit handler runs also when the steps before it failed, and then the value does not exist"
    fix = "let the exit step read only parameters, or drop `on-exit`"
    label = "read here"

    name: str
    step: str
