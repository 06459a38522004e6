"""Values → an alarm when their mean rises or falls: Page-Hinkley."""

from __future__ import annotations

import math
from typing import Any

import numpy

from jupyter_mlops.monitoring.streams.watching import Detector, first_alarms


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
    def replay(
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

        def first(part: Any) -> int:
            deviation = part - numpy.cumsum(part) / numpy.arange(1, len(part) + 1)
            rise, fall = _faded(deviation - delta, alpha), _faded(deviation + delta, alpha)
            up = rise - numpy.minimum.accumulate(rise)
            down = numpy.maximum.accumulate(numpy.maximum(fall, -1.0)) - fall
            over = {"up": up > threshold, "down": down > threshold, "both": (up > threshold) | (down > threshold)}[mode][
                min_instances - 1 :
            ]
            place = int(over.argmax()) if len(over) else 0
            return place + min_instances - 1 if len(over) and over[place] else -1

        return first_alarms(log, first)


def _faded(values: Any, alpha: float) -> Any:
    if alpha == 1:
        return numpy.cumsum(values)
    if alpha <= 0:
        return values
    length = max(1, min(len(values), int(-4 / math.log(alpha))))
    powers = alpha ** numpy.arange(1, length + 1)
    result, last = numpy.empty(len(values)), 0.0
    for start in range(0, len(values), length):
        part = values[start : start + length]
        scale = powers[: len(part)]
        result[start : start + length] = (numpy.cumsum(part / scale) + last) * scale
        last = float(result[start + len(part) - 1])
    return result
