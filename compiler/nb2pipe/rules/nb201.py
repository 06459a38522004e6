"""NB201 name-read-before-definition."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NameReadBeforeDefinition(Violation):
    """A step reads a name that no earlier step defines."""

    code = "NB201"
    slug = "name-read-before-definition"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{name}` is read in step `{step}` but no earlier step defines it"
    why = "each step runs in its own container; it receives only what earlier steps produce"
    fix = "define `{name}` in a cell tagged `step:` above, or make it a parameter"
    label = "read here"

    name: str
    step: str
    nearest: str = ""  # a name that is defined there and looks like it

    def text(self, template: str) -> str:
        """Fill a template with the fields; the message asks whether another name was meant."""
        asked = f"; did you mean `{self.nearest}`?" if self.nearest and template == self.message else ""
        return super().text(template) + asked
