"""NB605 gate-without-problem."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class GateWithoutProblem(Violation):
    """A gate judges a model, and nothing says what good enough means."""

    code = "NB605"
    slug = "gate-without-problem"
    severity = Severity.WARNING
    since = "0.1"
    message = "step `{step}` gates a model, and no `ml.problem(…)` says what it is for"
    why = "metric, baseline, threshold, fairness groups and latency budget come from the problem card; without it the gate takes defaults that nobody chose"
    fix = 'frame the problem first: `ml.problem("churn", metric="roc_auc", good_enough=0.85)`'
    label = "judged here"

    step: str
