"""Names of stream detectors → their classes, loaded when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_mlops.monitoring.streams.watching import Detector

DETECTORS = {
    "adwin": "jupyter_mlops.monitoring.streams.adwin:Adwin",
    "ddm": "jupyter_mlops.monitoring.streams.ddm:Ddm",
    "eddm": "jupyter_mlops.monitoring.streams.eddm:Eddm",
    "page_hinkley": "jupyter_mlops.monitoring.streams.page_hinkley:PageHinkley",
}


def load(name: str) -> type[Detector]:
    """Give a detector's class."""
    if name not in DETECTORS:
        raise ValueError(f"there is no detector `{name}`; there are {', '.join(f'`{known}`' for known in DETECTORS)}")
    module, _, kind = DETECTORS[name].partition(":")
    found: type[Detector] = getattr(import_module(module), kind)
    return found


def detector(name: str, **settings: Any) -> Detector:
    """Make a detector: `update(value)`, then ask `drifted` and `statistic`.

    Parameters
    ----------
    name : str
        A key of `DETECTORS`.
    **settings
        River's parameters, or `run_length`: how many events there should be, on average, between two false alarms.

    Raises
    ------
    ValueError
        If there is no such detector, or no calibration for such a run length.
    EnvironmentProblem
        If River is not installed.
    """
    return load(name)(**settings)
