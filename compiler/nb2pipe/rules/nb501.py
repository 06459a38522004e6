"""NB501 unpinned-requirement."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnpinnedRequirement(Violation):
    """A cell installs a package without an exact version."""

    code = "NB501"
    slug = "unpinned-requirement"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{requirement}` is installed without an exact version"
    why = "each run of the step installs what is newest then, which may be another version than the one that was tested"
    fix = "write `{pinned}`, or build the package into the step's image"

    requirement: str
    pinned: str
