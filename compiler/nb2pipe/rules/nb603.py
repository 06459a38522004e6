"""NB603 no-serving-signature."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NoServingSignature(Violation):
    """A registered model does not say what it takes and gives."""

    code = "NB603"
    slug = "no-serving-signature"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{name}` is registered in step `{step}` without a serving signature"
    why = "a server can only check requests against a signature, and clients only call what is declared"
    fix = "pass a few real rows: `ml.register(model, name, example=rows)`"

    name: str
    step: str
