"""NB604 drift-without-reference."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DriftWithoutReference(Violation):
    """Drift is measured against nothing."""

    code = "NB604"
    slug = "drift-without-reference"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` measures drift without reference data"
    why = "drift is a difference from the data that the model was trained on"
    fix = "pass the training data, or its `ml.profile(…)`, as the reference"

    step: str
