"""NB210 conditional-value-escapes."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ConditionalValueEscapes(Violation):
    """An unconditional step reads a value that a conditional step replaces."""

    code = "NB210"
    slug = "conditional-value-escapes"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` reads `{name}`, which step `{other}` binds only under its condition"
    why = "when the condition is false the notebook goes on with the earlier value, but the step would be skipped with its producer"
    fix = "give step `{step}` the same `when:`, or use another name for the conditional value"
    label = "read here"

    name: str
    step: str
    other: str
