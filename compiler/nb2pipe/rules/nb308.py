"""NB308 evaluation-on-training-data."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class EvaluationOnTrainingData(Violation):
    """A model is scored on rows that it was fitted on, and on no others."""

    code = "NB308"
    slug = "evaluation-on-training-data"
    severity = Severity.WARNING
    since = "0.1"
    message = "`{call}` scores a model on rows that it was fitted on{only}"
    why = "the score says how well the model remembers, not how well it will do; a gate on it lets anything pass"
    fix = "keep rows aside before fitting, as with `train_test_split`, and score on those, or use `cross_val_score`"

    call: str
    only: str
