"""NB803 step-raised."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class StepRaised(Violation):
    """The code of a step raised an exception."""

    code = "NB803"
    slug = "step-raised"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` stopped: {error}"
    why = "the cells below the one that failed were not run, and nothing of the step was stored"
    fix = "correct the cell that the log names; `nb2pipe run` then resumes from here"

    step: str
    error: str
