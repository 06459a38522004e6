"""NB117 no-steps."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NoSteps(Violation):
    """No cell is tagged as a step."""

    code = "NB117"
    slug = "no-steps"
    severity = Severity.ERROR
    since = "0.1"
    message = "no cell is tagged `step:NAME`"
    why = "steps are what a pipeline is made of, and only their author knows where one ends"
    fix = "tag the first cell of each step `step:NAME`; `nb2pipe tag` proposes where"
