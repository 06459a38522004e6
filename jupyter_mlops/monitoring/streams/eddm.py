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
        """M + 2s over its largest value since the last alarm; 1 before there is one."""
        distances, most = self._river._error_distances, self._river._p2s_prime_max  # noqa: SLF001 - River shows neither
        return float((distances.mean.get() + 2 * distances.get() ** 0.5) / most) if most > 0 else 1.0

    @classmethod
    def replay(  # type: ignore[override] # each has its own settings
        cls, log: Any, *, warm_start: int = 30, alpha: float = 0.95, beta: float = 0.9
    ) -> Any:
        """Running moments of the distances, at errors only."""
        del alpha  # a warning is for live streams

        def step(part: Any, state: tuple[int, int, int, float, float, float]) -> tuple[int, Any]:
            seen, errors, last, total, squares, most = state
            places = numpy.flatnonzero(part)
            if not len(places):
                return -1, (seen + len(part), *state[1:])
            at: Any = places + (seen + 1)
            distances = numpy.diff(at, prepend=last).astype(float)
            k: Any = numpy.arange(errors + 1, errors + 1 + len(at), dtype=float)
            sums, sums_of_squares = total + numpy.cumsum(distances), squares + numpy.cumsum(distances * distances)
            mean = sums / k
            variance = (sums_of_squares - sums * mean) / numpy.maximum(k - 1, 1)
            level = mean + 2 * numpy.sqrt(numpy.maximum(variance, 0.0))
            highest = numpy.maximum(numpy.maximum.accumulate(numpy.where(at > warm_start, level, -1.0)), most)
            over = (at > warm_start) & (k > warm_start) & (level < beta * highest)
            place = int(over.argmax())
            after = (seen + len(part), errors + len(at), int(at[-1]), float(sums[-1]), float(sums_of_squares[-1]), float(highest[-1]))
            return int(places[place]) if over[place] else -1, after

        return first_alarms(log, (0, 0, 0, 0.0, 0.0, -1.0), step)
