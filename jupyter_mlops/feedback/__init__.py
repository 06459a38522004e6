"""Stage 7: a model in service → windows of its predictions, and a policy that retrains it when it must."""

from __future__ import annotations

_PLACES = {
    "monitor": "jupyter_mlops.feedback.watch",
    "Monitor": "jupyter_mlops.feedback.watch",
    "retrain_when": "jupyter_mlops.feedback.retraining",
    "RetrainingPolicy": "jupyter_mlops.feedback.retraining",
    "influence": "jupyter_mlops.feedback.influence",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module `jupyter_mlops.feedback` has no `{name}`")
    from importlib import import_module

    found: object = getattr(import_module(_PLACES[name]), name)
    return found
