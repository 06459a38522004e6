"""NB004 non-python-kernel."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class NonPythonKernel(Violation):
    """The notebook belongs to a kernel of another language."""

    code = "NB004"
    slug = "non-python-kernel"
    severity = Severity.ERROR
    since = "0.1"
    message = "the notebook's language is `{language}`; only Python can be compiled"
    why = "the compiler reads Python's syntax tree to find what crosses from step to step"
    fix = "choose a Python kernel, or call this code from a Python step through its own image"

    language: str
