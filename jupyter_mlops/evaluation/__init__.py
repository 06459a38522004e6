"""Stage 4: challenger, champion and baseline on the same held-out rows → PASS, FAIL or INCONCLUSIVE, with the evidence of each rule."""

from __future__ import annotations

_PLACES = {
    "gate": "jupyter_mlops.evaluation.judging",
    "GateReport": "jupyter_mlops.evaluation.verdict",
    "row_digests": "jupyter_mlops.evaluation.columns",
    "delong": "jupyter_mlops.evaluation.ranking",
    "mcnemar": "jupyter_mlops.evaluation.proportions",
    "approvals": "jupyter_mlops.evaluation.memory",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is first asked for: numpy and SciPy are not needed to import this package."""
    if name not in _PLACES:
        raise AttributeError(f"module `jupyter_mlops.evaluation` has no `{name}`")
    from importlib import import_module

    found: object = getattr(import_module(_PLACES[name]), name)
    return found
