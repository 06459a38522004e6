"""NB802 encoding-mismatch."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class EncodingMismatch(Violation):
    """A stored value is not what its producer recorded."""

    code = "NB802"
    slug = "encoding-mismatch"
    severity = Severity.ERROR
    since = "0.1"
    message = "step `{step}` refuses `{name}`: {reason}"
    why = "bytes that changed on their way may be anything, and a pickle among them could run code"
    fix = "run the producing step again, with the same versions in both images"

    name: str
    step: str
    reason: str
