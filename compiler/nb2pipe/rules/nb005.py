"""NB005 unsupported-magic."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnsupportedMagic(Violation):
    """A magic hides from the compiler what it reads or defines."""

    code = "NB005"
    slug = "unsupported-magic"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{magic}` cannot be analysed: {reason}"
    why = "names that come out of a magic are unknown before it runs, so they would be missing in the next step"
    fix = "write the same in Python, or tag the cell `skip`"

    magic: str
    reason: str
