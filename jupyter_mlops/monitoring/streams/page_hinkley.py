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
        """The recurrence s ← α s + v, solved for blocks; a block whose extremes cannot alarm is not looked at value by value."""
        faded = _Faded(alpha)
        ahead: Any = numpy.arange(1, LARGEST + 1, dtype=float)
        upward, downward = mode != "down", mode != "up"

        def step(part: Any, state: tuple[float, ...]) -> tuple[int, Any]:
            seen, total, last, ones, lowest, highest = state
            level = numpy.cumsum(part)
            level += total
            total = float(level[-1])
            level /= ahead[: len(part)] + seen
            numpy.subtract(part, level, out=level)
            faded.solve(level, last)
            # up = level − δ B and down = level + δ B, where B is the same sum of ones, which only grows
            drag, last_ones = delta * ones, faded.of_ones(len(part), ones)
            most, least, grown = float(level.max()), float(level.min()), delta * last_ones
            calm = seen >= min_instances and max(most - drag - min(lowest, least - grown), max(highest, most + grown) - least - drag)
            if calm and calm < threshold * (1 - 1e-9):
                floor, ceiling = min(lowest, least - drag), max(highest, most + drag)
            else:
                floor = ceiling = math.nan
            if math.isnan(floor) or floor < lowest or ceiling > highest:
                pull = delta * faded.ones(len(part), ones)
                up, down = level - pull, level + pull
                lows, highs = numpy.minimum(numpy.minimum.accumulate(up), lowest), numpy.maximum(numpy.maximum.accumulate(down), highest)
                over = (upward & (up - lows > threshold)) | (downward & (highs - down > threshold))
                over[: int(max(min_instances - 1 - seen, 0))] = False
                place = int(over.argmax())
                if over[place]:
                    return place, state
                floor, ceiling = float(lows[-1]), float(highs[-1])
            return -1, (seen + len(part), total, float(level[-1]), last_ones, floor, ceiling)

        return first_alarms(log, (0, 0.0, 0.0, 0.0, math.inf, -1.0), step)


class _Faded:
    """Sums s ← α s + v of whole blocks; α^-length stays below e⁴."""

    def __init__(self, alpha: float) -> None:
        self.alpha = alpha
        length = LARGEST if alpha == 1 else max(1, int(-4 / math.log(alpha))) if alpha > 0 else 1
        self.powers = alpha ** numpy.arange(1, min(length, LARGEST) + 1)
        self.inverse = 1 / self.powers if alpha > 0 else numpy.ones(1)

    def solve(self, values: Any, last: float) -> None:
        """Replace values by their sums, `last` being the sum before them."""
        length = len(self.powers)
        for start in range(0, len(values), length):
            part = values[start : start + length]
            part *= self.inverse[: len(part)]
            if self.alpha == 0:
                last = 0.0
            numpy.cumsum(part, out=part)
            part += last
            part *= self.powers[: len(part)] if self.alpha > 0 else 1.0
            last = float(part[-1])

    def of_ones(self, count: int, last: float) -> float:
        """Give the sum after `count` more ones."""
        if self.alpha == 1:
            return last + count
        limit = 1 / (1 - self.alpha)
        return limit + (last - limit) * self.alpha**count

    def ones(self, count: int, last: float) -> Any:
        """Give the sums after 1 … `count` more ones."""
        number: Any = numpy.arange(1, count + 1)
        if self.alpha == 1:
            return last + number
        limit = 1 / (1 - self.alpha)
        return limit + (last - limit) * self.alpha**number
