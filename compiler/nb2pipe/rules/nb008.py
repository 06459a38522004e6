"""NB008 no-code."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NoCode(Violation):
    """The notebook has no code."""

    code = "NB008"
    slug = "no-code"
    severity = Severity.WARNING
    since = "0.1"
    message = "the notebook has no code"
    why = "a pipeline is made of code cells, and there is none"
    fix = "write a cell, and tag it `step:NAME`"
