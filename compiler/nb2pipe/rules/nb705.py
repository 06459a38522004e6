"""NB705 runtime-over-budget."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class RuntimeOverBudget(Violation):
    """A step needs so much of the step runtime that the pipeline grows faster than it should."""

    code = "NB705"
    slug = "runtime-over-budget"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` carries {size} bytes of the step runtime; {budget} are planned for"
    why = "it runs, but a workflow holds 700 kB, so a pipeline of many such steps does not fit"
    fix = "split the step, or let its image bring the runtime: `pip install jupyter-mlops` in it, then `nb2pipe compile --runtime image`"

    step: str
    size: int
    budget: int
