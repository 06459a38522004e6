"""Errors or values of a model, one after another → the moment since when they come from another distribution.

`detector(name)` watches a live stream, by River; `replay(name, values)` finds the same moments in a whole log at once, as array kernels.
"""

from __future__ import annotations

from typing import Any

from jupyter_mlops.monitoring.streams.registry import DETECTORS, detector, load

__all__ = ["DETECTORS", "detector", "replay"]


def replay(name: str, values: Any, **settings: Any) -> Any:
    """Give the places (int array) at which the detector alarms in a log; it starts afresh after each alarm, as River does.

    Raises
    ------
    ValueError
        If there is no such detector, or the log holds NaN, infinities or, for DDM and EDDM, other values than 0 and 1.
    """
    import numpy

    kind = load(name)
    log = numpy.ascontiguousarray(values, dtype=float)
    if log.ndim != 1 or not numpy.isfinite(log).all():
        raise ValueError("a log to replay is one row of finite numbers")
    if kind.binary and not ((log == 0) | (log == 1)).all():
        raise ValueError(f"`{name}` watches errors: 1 for wrong, 0 for right, found other values")
    return kind.replay(log, **kind.settings(**settings))
