"""NB117 no-step."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NoStep(Violation):
    """The notebook has code, and none of it runs in a step."""

    code = "NB117"
    slug = "no-step"
    severity = Severity.WARNING
    since = "0.1"
    message = "the notebook has no step, so there is no pipeline"
    why = "what cells tagged `skip`, `parameters` and `setup` say is left out or shared by steps, and there is none"
    fix = "tag a cell `step:NAME`"
