"""NB207 mutation-crosses-step."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class MutationCrossesStep(Violation):
    """A step changes in place a value that another step made."""

    code = "NB207"
    slug = "mutation-crosses-step"
    severity = Severity.NOTE
    since = "0.1"
    message = "step `{step}` changes `{name}` of step `{other}` in place, and step `{reader}` gets it as it was before"
    why = "the value is stored twice, and one name means two things: which of the two a step gets depends on where it stands"
    fix = "bind a new name for the changed value, or nothing if that is what you want"
    label = "changed here"

    name: str
    step: str
    other: str
    reader: str
