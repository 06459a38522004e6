"""NB106 untagged-code-cell."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UntaggedCodeCell(Violation):
    """Code stands above the first step, and so belongs to none."""

    code = "NB106"
    slug = "untagged-code-cell"
    severity = Severity.WARNING
    since = "0.1"
    message = "no `step:` tag stands above this code, so it becomes a step of its own"
    why = "untagged code belongs to the step above it; only imports and definitions are shared by all steps without a tag"
    fix = "tag the cell `step:NAME`, `parameters`, or `skip`"
