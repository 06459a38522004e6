"""Errors (1) and right answers (0) → an alarm when errors come closer together: EDDM."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.streams.watching import Detector, first_alarms


class Eddm(Detector):
    """Alarm when (m + 2s) / max(m + 2s) < β; m, s: mean and deviation of the distances between errors.

    Source
    ------
    Baena-García et al. 2006, "Early drift detection method".
    """

    name = "eddm"
    river = "binary.EDDM"
    binary = True
    calibrated = "beta"

    @property
    def statistic(self) -> float:
        """m + 2s over its largest value since the last alarm; 1 before there is one."""
        distances, most = self._river._error_distances, self._river._p2s_prime_max  # noqa: SLF001 - River shows neither
        return float((distances.mean.get() + 2 * distances.get() ** 0.5) / most) if most > 0 else 1.0

    @classmethod
    def replay(cls, log: Any, *, warm_start: int = 30, alpha: float = 0.95, beta: float = 0.9) -> Any:  # noqa: ARG003 - warnings are for live streams
        """Running moments of the distances, at errors only."""

        def first(part: Any) -> int:
            places = numpy.flatnonzero(part)
            if len(places) <= warm_start:
                return -1
            distances = numpy.diff(places, prepend=-1).astype(float)
            k = numpy.arange(1, len(places) + 1, dtype=float)
            sums = numpy.cumsum(distances)
            mean = sums / k
            variance = (numpy.cumsum(distances * distances) - sums * mean) / numpy.maximum(k - 1, 1)
            level = mean + 2 * numpy.sqrt(numpy.maximum(variance, 0.0))
            late = places + 1 > warm_start
            most = numpy.maximum.accumulate(numpy.where(late, level, -1.0))
            over = late & (k > warm_start) & (level < beta * most)
            place = int(over.argmax())
            return int(places[place]) if over[place] else -1

        return first_alarms(log, first)
