"""NB602 deploy-without-gate."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DeployWithoutGate(Violation):
    """A model is deployed without passing a gate."""

    code = "NB602"
    slug = "deploy-without-gate"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` deploys without a gate before it"
    why = "a model that is worse than the one in service would replace it"
    fix = "put a cell tagged `gate` before it, and let the deployment depend on it"

    step: str
