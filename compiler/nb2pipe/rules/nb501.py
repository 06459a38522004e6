"""NB501 unpinned-requirement."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnpinnedRequirement(Violation):
    """A requirement has no exact version."""

    code = "NB501"
    slug = "unpinned-requirement"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{requirement}` has no exact version"
    why = "the image built tomorrow may hold another version than the one that was tested"
    fix = "write the versions with `nb2pipe lock`"

    requirement: str
