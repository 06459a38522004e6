"""NB804 gate-rejected."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class GateRejected(Violation):
    """A gate's assertion is false."""

    code = "NB804"
    slug = "gate-rejected"
    severity = Severity.ERROR
    since = "0.1"
    message = "gate `{step}` said no: {assertion}"
    why = "a gate stops the pipeline so that what is not good enough goes no further"
    fix = "look at the metric in the run's report; the model, not the gate, is usually what to change"

    step: str
    assertion: str
