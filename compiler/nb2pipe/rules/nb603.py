"""NB603 no-serving-signature."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NoServingSignature(Violation):
    """A deployed model does not say what it takes and gives."""

    code = "NB603"
    slug = "no-serving-signature"
    severity = Severity.WARNING
    since = "0.1"
    message = "the model `{name}` of step `{step}` has no serving signature"
    why = "a server can only check requests against a signature, and clients only call what is declared"
    fix = "export it with its input types, for example `model.export(path)` after a call on real data"

    name: str
    step: str
