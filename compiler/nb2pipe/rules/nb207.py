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
    message = "step `{step}` changes `{name}` of step `{other}` in place"
    why = "each step works on a copy: the changed value is stored again and passed on to the steps below, which costs time for large data"
    fix = "nothing to do if that is what you want; binding a new name instead keeps both versions visible"
    label = "changed here"

    name: str
    step: str
    other: str
