"""NB503 python-mismatch."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class PythonMismatch(Violation):
    """The notebook and the step image have different Python versions."""

    code = "NB503"
    slug = "python-mismatch"
    severity = Severity.WARNING
    since = "0.1"
    message = "the notebook was written with Python {notebook}, the image has {image}"
    why = "syntax, defaults and stored objects differ between versions"
    fix = "choose an image with Python {notebook}"

    notebook: str
    image: str
