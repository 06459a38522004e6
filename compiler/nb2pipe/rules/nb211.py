"""NB211 fan-out-carries-value."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class FanOutCarriesValue(Violation):
    """An iteration of a fan-out needs what the one before it made."""

    code = "NB211"
    slug = "fan-out-carries-value"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` carries `{name}` from one item to the next"
    why = "the items of `foreach:` run side by side in containers of their own, so none can see what another made"
    fix = "collect independent results in a list or dict, or remove `foreach:`"

    name: str
    step: str
