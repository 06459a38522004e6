"""NB111 foreign-tag."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class ForeignTag(Violation):
    """A tag belongs to another tool."""

    code = "NB111"
    slug = "foreign-tag"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{tag}` is not one of nb2pipe's tags and is ignored"
    why = "tags are shared by every notebook tool; one that is meant for another has no effect on the pipeline"
    fix = "nothing to do, unless it was meant for the pipeline: `nb2pipe explain NB111` lists the tags"

    tag: str
