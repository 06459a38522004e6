"""NB115 kale-feature-missing."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class KaleFeatureMissing(Violation):
    """A Kale tag asks for something that has no equivalent here."""

    code = "NB115"
    slug = "kale-feature-missing"
    severity = Severity.ERROR
    since = "0.1"
    message = "Kale's `{tag}` is not supported: {reason}"
    why = "ignoring it would compile a pipeline that does less than the notebook says"
    fix = "put the code of the other notebook into cells of this one, or tag the cell `skip`"

    tag: str
    reason: str
