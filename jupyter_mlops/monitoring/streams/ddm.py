"""Errors (1) and right answers (0) → an alarm when the error rate leaves its lowest level: DDM."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.streams.watching import Detector, first_alarms


class Ddm(Detector):
    """Alarm when p + s > p_min + L · s_min, s = √(p(1−p)/n), minimum taken where p + s was least.

    Source
    ------
    Gama, Medas, Castillo & Rodrigues 2004, "Learning with drift detection".
    """

    name = "ddm"
    river = "binary.DDM"
    binary = True
    calibrated = "drift_threshold"

    @property
    def statistic(self) -> float:
        """p + s of the errors since the last alarm."""
        p, n = self._river._p.get(), self._river._p.n  # noqa: SLF001 - River shows neither
        return float(p + (p * (1 - p) / n) ** 0.5) if n else 0.0

    @classmethod
    def replay(cls, log: Any, *, warm_start: int = 30, warning_threshold: float = 2.0, drift_threshold: float = 3.0) -> Any:  # noqa: ARG003 - warnings are for live streams
        """Running sums and a running minimum of whole parts."""

        def first(part: Any) -> int:
            n = numpy.arange(1, len(part) + 1, dtype=float)
            p = numpy.cumsum(part)
            p /= n
            s = numpy.sqrt(p * (1 - p) / n)
            both = (p + s)[warm_start:]
            least = numpy.minimum.accumulate(both)
            where = numpy.maximum.accumulate(numpy.where(both <= least, numpy.arange(len(both)), 0)) + warm_start
            over = both > p[where] + drift_threshold * s[where]
            place = int(over.argmax()) if len(over) else 0
            return place + warm_start if len(over) and over[place] else -1

        return first_alarms(log, first)
