"""NB001 not-a-notebook."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NotANotebook(Violation):
    """The file is not a notebook."""

    code = "NB001"
    slug = "not-a-notebook"
    severity = Severity.ERROR
    since = "0.1"
    message = "not a notebook: {reason}"
    why = "a notebook is a JSON object with a list of `cells`, or a `.py` script in percent format"
    fix = "open the file in Jupyter and save it again, or restore it from version control"

    reason: str
