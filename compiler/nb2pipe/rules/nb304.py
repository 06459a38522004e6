"""NB304 wall-clock."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class WallClock(Violation):
    """A result depends on the time of day."""

    code = "NB304"
    slug = "wall-clock"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{call}` depends on when the step runs"
    why = "the notebook, the steps and a run that is done again see different times, and a cached step keeps the old one"
    fix = "make the time a pipeline parameter, or switch the step's cache off with `cache:off`"

    call: str
