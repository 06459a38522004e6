"""NB309 fit-before-split."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class FitBeforeSplit(Violation):
    """A transformer learns from the rows that the model is tested on."""

    code = "NB309"
    slug = "fit-before-split"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{call}` learns from {rows}"
    why = "the test rows shape what the model sees, so its score is better than what new data will give"
    fix = "split first and fit on the training rows only, or put the transformer and the model into one `Pipeline`"

    call: str
    rows: str
