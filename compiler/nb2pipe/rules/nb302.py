"""NB302 absolute-path."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class AbsolutePath(Violation):
    """Code names a place of this machine."""

    code = "NB302"
    slug = "absolute-path"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{path}` is a place on this machine"
    why = "a container has its own file system, and another user's machine another layout"
    fix = "make the path a parameter, or mount a `volume:` there"

    path: str
