"""NB305 secret-literal."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class SecretLiteral(Violation):
    """A password or key stands in the notebook."""

    code = "NB305"
    slug = "secret-literal"
    severity = Severity.WARNING
    since = "0.1"
    message = "{name} is written in the notebook"
    why = "the text goes into the pipeline, its logs and its history, where everyone who can see the pipeline can read it"
    fix = 'put it into a Kubernetes secret, tag the cell `secret:SECRET:KEY:VARIABLE` and read `os.environ["VARIABLE"]`'

    conceals = True

    name: str
