"""NB205 shadowed-input."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ShadowedInput(Violation):
    """A step gives a pipeline parameter a new value."""

    code = "NB205"
    slug = "shadowed-input"
    severity = Severity.NOTE
    since = "0.1"
    message = "step `{step}` binds the parameter `{name}` again"
    why = "from here on the steps receive the new value, whatever was given for the parameter"
    fix = "use another name for the new value, unless this is what you want"
    label = "bound again here"

    name: str
    step: str
