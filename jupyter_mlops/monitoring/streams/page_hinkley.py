"""Values → an alarm when their mean rises or falls: Page-Hinkley."""

from __future__ import annotations

import math
from typing import Any

import numpy

from jupyter_mlops.monitoring.streams.watching import LARGEST, Detector, first_alarms


class PageHinkley(Detector):
    """Alarm when a faded sum of deviations from the running mean leaves its extreme by more than the threshold.

    u ← α u + (x − mean) − δ, alarm when u − min u > λ; d ← α d + (x − mean) + δ, alarm when max d − d > λ. Its limits are in the values'
    unit: scale the values to a deviation of 1 before using a run length.

    Source
    ------
    Page 1954, "Continuous inspection schemes"; Hinkley 1971.
    """

    name = "page_hinkley"
    river = "PageHinkley"
    calibrated = "threshold"

    @property
    def statistic(self) -> float:
        """The larger of both distances from the extreme."""
        inside = self._river
        up = inside._sum_increase - inside._min_increase  # noqa: SLF001 - River shows none of them
        down = inside._max_decrease - inside._sum_decrease  # noqa: SLF001
        return float(max(up, down)) if math.isfinite(up) else 0.0

    @classmethod
    def replay(  # type: ignore[override] # each has its own settings
        cls,
        log: Any,
        *,
        min_instances: int = 30,
        delta: float = 0.005,
        threshold: float = 50.0,
        alpha: float = 1 - 0.0001,
        mode: str = "both",
    ) -> Any:
        """The recurrence s ← α s + v, solved for blocks short enough that α^−length stays small."""
        ahead: Any = numpy.arange(1, LARGEST + 1, dtype=float)
        length = LARGEST if alpha == 1 else max(1, int(-4 / math.log(alpha))) if alpha > 0 else 1
        powers = alpha ** numpy.arange(1, min(length, LARGEST) + 1)

        def step(part: Any, state: tuple[float, float, float, float, float, float]) -> tuple[int, Any]:
            seen, total, rise, fall, lowest, highest = state
            sums = numpy.cumsum(part)
            sums += total
            deviation = part - sums / (ahead[: len(part)] + seen)
            up, down = _faded(deviation - delta, powers, rise), _faded(deviation + delta, powers, fall)
            floor = numpy.minimum(numpy.minimum.accumulate(up), lowest)
            ceiling = numpy.maximum(numpy.maximum.accumulate(down), highest)
            over: Any = numpy.zeros(len(part), bool)
            if mode != "down":
                over |= up - floor > threshold
            if mode != "up":
                over |= ceiling - down > threshold
            over[: int(max(min_instances - 1 - seen, 0))] = False
            place = int(over.argmax())
            after = (seen + len(part), float(sums[-1]), float(up[-1]), float(down[-1]), float(floor[-1]), float(ceiling[-1]))
            return place if over[place] else -1, after

        return first_alarms(log, (0, 0.0, 0.0, 0.0, math.inf, -1.0), step)


def _faded(values: Any, powers: Any, last: float) -> Any:
    """Solve s ← α s + v block by block; α^-length stays below e⁴."""
    result = numpy.empty(len(values))
    for start in range(0, len(values), len(powers)):
        part = values[start : start + len(powers)]
        scale = powers[: len(part)]
        result[start : start + len(part)] = (numpy.cumsum(part / scale) + last) * scale
        last = float(result[start + len(part) - 1])
    return result
