"""NB306 shell-escape."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ShellEscape(Violation):
    """A step runs a shell command."""

    code = "NB306"
    slug = "shell-escape"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{command}` runs in the step's container"
    why = "the command must exist in the image, and files that it writes are gone when the step ends"
    fix = "do it in Python, or build it into the step's image"

    command: str
