"""NB704 size-over-budget."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class SizeOverBudget(Violation):
    """Something is too large for the orchestrator."""

    code = "NB704"
    slug = "size-over-budget"
    severity = Severity.ERROR
    since = "0.1"
    message = "{what} has {size} bytes, and backend `{backend}` carries at most {budget}"
    why = "the server accepts it, and the run then dies without a word about its size"
    fix = "move long literals into a file, split the step, or let the image bring the runtime: `pip install jupyter-mlops` in it, then `--runtime image`"

    what: str
    size: int
    budget: int
    backend: str
