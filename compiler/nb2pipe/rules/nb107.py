"""NB107 parameters-not-literal."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ParametersNotLiteral(Violation):
    """A `parameters` cell holds something that is not a literal assignment."""

    code = "NB107"
    slug = "parameters-not-literal"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{name}` in the parameters cell is not a literal, so it is not a pipeline parameter"
    why = "a parameter's type and default are written into the pipeline without running the notebook"
    fix = "assign a number, text, boolean, list or dict written out, and move everything else into a step"

    name: str
