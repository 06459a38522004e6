"""NB601 gate-metric-not-produced."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class GateMetricNotProduced(Violation):
    """A gate compares a metric that no earlier step produces."""

    code = "NB601"
    slug = "gate-metric-not-produced"
    severity = Severity.ERROR
    since = "0.1"
    message = "gate `{step}` compares `{metric}`, which no earlier step produces"
    why = "a gate that cannot read its metric can only fail"
    fix = "compute `{metric}` in a step above the gate"
    label = "compared here"

    metric: str
    step: str
