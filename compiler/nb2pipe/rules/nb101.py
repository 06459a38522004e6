"""NB101 unknown-tag."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnknownTag(Violation):
    """A tag looks like one of ours but is not."""

    code = "NB101"
    slug = "unknown-tag"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{tag}` is not a tag; did you mean `{nearest}`?"
    why = "a misspelt tag would be ignored, and the pipeline would silently be another one"
    fix = "write `{nearest}`, or add `ignore:NB101` if the tag belongs to another tool"

    tag: str
    nearest: str
