"""NB209 dynamic-names."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class DynamicNames(Violation):
    """Code reads or binds names that are only known when it runs."""

    code = "NB209"
    slug = "dynamic-names"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{construct}` reads or binds names that are not written in the cell"
    why = "what such code needs from other steps cannot be seen without running it, so it may be missing in its step"
    fix = "write the names out, or use a dict"

    construct: str
