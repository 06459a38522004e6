"""NB007 large-notebook."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class LargeNotebook(Violation):
    """The notebook file is very large, nearly always because of saved outputs."""

    code = "NB007"
    slug = "large-notebook"
    severity = Severity.WARNING
    since = "0.1"
    message = "the notebook has {megabytes} MB, {share} MB of them in cell {cell}"
    why = "outputs are stored in the notebook; every tool, review and version then carries them"
    fix = "clear the outputs of cell {cell}, or write large results to files"

    megabytes: int
    cell: int
    share: int
