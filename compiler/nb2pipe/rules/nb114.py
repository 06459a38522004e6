"""NB114 tag-without-effect."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class TagWithoutEffect(Violation):
    """A tag can have no effect where it stands."""

    code = "NB114"
    slug = "tag-without-effect"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{tag}` has no effect: {reason}"
    why = "what was asked for, such as a GPU, would silently not be there"
    fix = "put the tag on a cell of the step that it is about"

    tag: str
    reason: str
