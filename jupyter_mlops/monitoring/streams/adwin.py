"""Values → an alarm when two parts of a window that grows by itself have different means: ADWIN."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.errors import need
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
        """River's own native window, fed in a loop without its wrapper; a fresh one after each alarm."""
        import numpy

        need("river", "drift")
        from river import drift

        def fresh() -> Any:
            made = drift.ADWIN(
                delta=delta, clock=clock, max_buckets=max_buckets, min_window_length=min_window_length, grace_period=grace_period
            )
            return made._helper.update  # noqa: SLF001 - the native object under the wrapper

        found, values, start = [], log.tolist(), 0
        while start < len(values):
            update = fresh()
            place = next((place for place in range(start, len(values)) if update(values[place])), -1)
            if place < 0:
                break
            found.append(place)
            start = place + 1
        return numpy.array(found, numpy.int64)
