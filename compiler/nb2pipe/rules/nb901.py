"""NB901 broken-invariant."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class BrokenInvariant(Violation):
    """The compiler made something that breaks its own rules."""

    code = "NB901"
    slug = "broken-invariant"
    severity = Severity.ERROR
    since = "0.1"
    message = "this is our bug, not yours: {invariant}"
    why = "a pipeline that breaks an invariant could run something else than the notebook"
    fix = "report it with the notebook's tags and the text printed above"

    invariant: str
