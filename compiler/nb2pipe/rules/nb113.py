"""NB113 kale-tag."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class KaleTag(Violation):
    """A tag of Kale's is read as one of ours."""

    code = "NB113"
    slug = "kale-tag"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{tag}` is Kale's tag; here it means {meaning}"
    why = "Kale notebooks compile as they are, but the documentation and the editor speak of our tags"
    fix = "write {meaning}; `nb2pipe check --fix` does it"

    tag: str
    meaning: str
