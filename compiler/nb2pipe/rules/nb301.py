"""NB301 local-file."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class LocalFile(Violation):
    """Code reads a file that only exists on this machine."""

    code = "NB301"
    slug = "local-file"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{path}` is read from this machine's disk"
    why = "each step runs in a fresh container, where this file does not exist"
    fix = "read it from an object store or a URL, bake it into the image, or mount a `volume:`"

    path: str
