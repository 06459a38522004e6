"""NB110 control-name-missing."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ControlNameMissing(Violation):
    """`foreach:`, `when:` or `after:` names something that does not exist."""

    code = "NB110"
    slug = "control-name-missing"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` names `{name}`, which is no parameter and comes from no earlier step"
    why = "a fan-out needs its list, a condition its boolean and an order its step before the step can start"
    fix = "define `{name}` in the `parameters` cell or in an earlier step, or correct the tag"

    name: str
    step: str
