"""Stage 6: has the data, the prediction or the concept moved? Importing this imports nothing; numpy and the rest come with the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_mlops.monitoring.comparison import compare
    from jupyter_mlops.monitoring.detection import DriftReport, drift
    from jupyter_mlops.monitoring.sketch import Profile, profile

__all__ = ["DriftReport", "Profile", "compare", "drift", "profile"]

_HOMES = {"drift": "detection", "DriftReport": "detection", "profile": "sketch", "Profile": "sketch", "compare": "comparison"}


def __getattr__(name: str) -> Any:
    """Load what is asked for, or say what to install."""
    if name not in _HOMES:
        raise AttributeError(f"module `jupyter_mlops.monitoring` has no `{name}`")
    from importlib import import_module

    from jupyter_mlops.errors import need

    need("numpy", "drift")
    value = getattr(import_module(f"jupyter_mlops.monitoring.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
