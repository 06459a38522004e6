"""NB112 tag-value-unusable."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class TagValueUnusable(Violation):
    """What follows a tag's colon cannot be used."""

    code = "NB112"
    slug = "tag-value-unusable"
    severity = Severity.ERROR
    since = "0.1"
    message = "`{tag}` cannot be used: expected {expected}"
    why = "the value goes into the pipeline as it is, and the cluster would refuse it only after the run has begun"
    fix = "write {expected}"

    tag: str
    expected: str
