"""Values → an alarm when two parts of a window that grows by itself have different means: ADWIN."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.errors import need
from jupyter_mlops.monitoring.streams.adwin_cuts import Settings, first_cut
from jupyter_mlops.monitoring.streams.watching import Detector


class Adwin(Detector):
    """Alarm when some cut of the window into two has means further apart than Hoeffding's and Bernstein's bounds allow at level δ.

    Source
    ------
    Bifet & Gavaldà 2007, "Learning from time-changing data with adaptive windowing".
    """

    name = "adwin"
    river = "ADWIN"
    calibrated = "delta"

    @property
    def statistic(self) -> float:
        """The mean of the window."""
        return float(self._river.estimation)

    @classmethod
    def replay(  # type: ignore[override] # each has its own settings
        cls, log: Any, *, delta: float = 0.002, clock: int = 32, max_buckets: int = 5, min_window_length: int = 5, grace_period: int = 10
    ) -> Any:
        """All checks as arrays (`adwin_cuts`); River's own native window goes over a stretch whose alarm rounding may decide."""
        import numpy

        settings = Settings(delta, clock, max_buckets, min_window_length, grace_period)
        found, start = [], 0
        while start < len(log):
            place, certain = first_cut(log[start:], settings)
            if not certain:
                place = _by_river(log[start:].tolist(), settings)
            if place < 0:
                break
            found.append(start + place)
            start += place + 1
        return numpy.array(found, numpy.int64)


def _by_river(values: list[float], settings: Settings) -> int:
    need("river", "drift")
    from river import drift

    update = drift.ADWIN(**settings._asdict())._helper.update  # noqa: SLF001 - the native object under the wrapper
    return next((place for place, value in enumerate(values) if update(value)), -1)
