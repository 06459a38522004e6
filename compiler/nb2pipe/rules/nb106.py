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
    message = "this code belongs to no step"
    why = "untagged code belongs to the step above it, and there is none here; only imports and definitions are shared without a tag"
    fix = "tag the cell `step:NAME`, `parameters`, or `skip`"
    label = "not in the pipeline"
