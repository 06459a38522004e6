"""Errors (1) and right answers (0) → an alarm when the error rate leaves its lowest level: DDM."""

from __future__ import annotations

from typing import Any

import numpy

from jupyter_mlops.monitoring.streams.watching import LARGEST, Detector, first_alarms


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
        """P + s of the errors since the last alarm."""
        p, n = self._river._p.get(), self._river._p.n  # noqa: SLF001 - River shows neither
        return float(p + (p * (1 - p) / n) ** 0.5) if n else 0.0

    @classmethod
    def replay(  # type: ignore[override] # each has its own settings
        cls, log: Any, *, warm_start: int = 30, warning_threshold: float = 2.0, drift_threshold: float = 3.0
    ) -> Any:
        """Running sums and a running minimum of whole parts."""
        del warning_threshold  # a warning is for live streams
        ahead: Any = numpy.arange(1, LARGEST + 1, dtype=float)

        def step(part: Any, state: tuple[float, float, float, float]) -> tuple[int, Any]:
            seen, errors, p_least, s_least = state
            n = ahead[: len(part)] + seen
            p = numpy.cumsum(part)
            p += errors
            after = (seen + len(part), float(p[-1]))
            p /= n
            s = numpy.sqrt(p * (1 - p) / n)
            skip = int(min(max(warm_start - seen, 0), len(part)))
            both = (p + s)[skip:]
            if not len(both):
                return -1, (*after, p_least, s_least)
            best = p_least + s_least
            if float(both.min()) > best:  # the usual case in a long log: no new minimum
                over = both > p_least + drift_threshold * s_least
                place = int(over.argmax())
                return place + skip if over[place] else -1, (*after, p_least, s_least)
            least = numpy.minimum(numpy.minimum.accumulate(both), best)
            where = numpy.maximum.accumulate(numpy.where(both <= least, numpy.arange(len(both)), -1))
            p_then, s_then = (numpy.where(where >= 0, side[skip:][where], old) for side, old in ((p, p_least), (s, s_least)))
            over = both > p_then + drift_threshold * s_then
            place = int(over.argmax())
            return place + skip if over[place] else -1, (*after, float(p_then[-1]), float(s_then[-1]))

        return first_alarms(log, (0, 0.0, numpy.inf, numpy.inf), step)
