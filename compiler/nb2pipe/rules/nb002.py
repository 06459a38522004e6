"""NB002 unsupported-format."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class UnsupportedFormat(Violation):
    """The notebook has a format version that nothing here can read."""

    code = "NB002"
    slug = "unsupported-format"
    severity = Severity.ERROR
    since = "0.1"
    message = "notebook format {version} is not supported; formats 2 to 4 are"
    why = "a format that is not known may keep its cells elsewhere, and reading it by guess would lose code"
    fix = "save the notebook with a current Jupyter as format 4"

    version: str
