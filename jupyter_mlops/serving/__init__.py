"""Stage 5: a model becomes a sealed version in the registry, and a version becomes what answers, step by step."""

from __future__ import annotations

_PLACES = {
    "register": "jupyter_mlops.serving.registration",
    "Registration": "jupyter_mlops.serving.registration",
    "deploy": "jupyter_mlops.serving.rollout.deploy",
    "check_skew": "jupyter_mlops.serving.skew",
    "send_smoke_request": "jupyter_mlops.serving.smoke",
    "find_version": "jupyter_mlops.serving.registry",
    "local_server": "jupyter_mlops.serving.server.local",
    "start_server": "jupyter_mlops.serving.server.local",
    "read_predictions": "jupyter_mlops.serving.predictions",
    "report_labels": "jupyter_mlops.serving.labels",
    "who_answered": "jupyter_mlops.serving.predictions",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is first asked for: importing this package imports nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module `jupyter_mlops.serving` has no `{name}`")
    from importlib import import_module

    found: object = getattr(import_module(_PLACES[name]), {"start_server": "start", "report_labels": "report"}.get(name, name))
    return found
