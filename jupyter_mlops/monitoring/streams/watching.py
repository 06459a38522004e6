"""What all stream detectors share: River does the watching, one value at a time; settings may come from a run length."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.errors import need

if TYPE_CHECKING:
    from collections.abc import Callable

SMALLEST, LARGEST = 2048, 32768
"""Values in a block."""


class Detector:
    """A stream detector: `update` takes a value, `drifted` says whether it was one too many; after an alarm it starts afresh."""

    name: ClassVar[str]
    river: ClassVar[str]
    binary: ClassVar[bool] = False
    calibrated: ClassVar[str]

    def __init__(self, **settings: Any) -> None:
        self._settings = self.settings(**settings)
        self.reset()

    @classmethod
    def settings(cls, *, run_length: float | None = None, **settings: Any) -> dict[str, Any]:
        """Turn a run length into River's parameter: the smallest calibrated one that is at least as long."""
        if run_length is None:
            return settings
        if cls.calibrated in settings:
            raise ValueError(f"give `run_length` or `{cls.calibrated}`, not both")
        table = run_lengths().get(cls.name, {})
        fitting = sorted((int(length), value) for length, value in table.items() if int(length) >= run_length)
        if not fitting:
            raise ValueError(f"`{cls.name}` is calibrated for run lengths of {', '.join(table) or 'no length'}, found {run_length:g}")
        return settings | {cls.calibrated: fitting[0][1]}

    def update(self, value: float) -> None:
        """Take the next value."""
        self._river.update(value)

    @property
    def drifted(self) -> bool:
        """Whether the last value raised an alarm."""
        return bool(self._river.drift_detected)

    @property
    def statistic(self) -> float:
        """What is compared with the limit."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget everything."""
        need("river", "drift")
        from river import drift

        module, _, kind = self.river.rpartition(".")
        self._river = getattr(getattr(drift, module) if module else drift, kind)(**self._settings)

    @classmethod
    def replay(cls, log: Any, **settings: Any) -> Any:
        """Give the places at which `update` would have alarmed."""
        raise NotImplementedError


@cache
def run_lengths() -> dict[str, dict[str, float]]:
    """The calibration, made by ``python -m benchmarks.run_lengths``."""
    table: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "run_lengths.json").read_text(encoding="utf-8"))
    return table


def first_alarms(log: Any, begin: Any, step: Callable[[Any, Any], tuple[int, Any]]) -> Any:
    """Go through a log in blocks that fit the processor's cache, small ones first after each alarm.

    Parameters
    ----------
    log : float64 array, shape (n,)
        The values.
    begin : object
        What a fresh detector remembers.
    step : callable
        ``step(part, state)`` gives the place of the part's first alarm, or -1, and what is remembered after the part.
    """
    import numpy

    found, start = [], 0
    while start < len(log):
        state, at, length, place = begin, start, SMALLEST, -1
        while at < len(log):
            place, state = step(log[at : at + length], state)
            if place >= 0:
                break
            at += length
            length = min(4 * length, LARGEST)
        if place < 0:
            break
        start = at + place + 1
        found.append(start - 1)
    return numpy.array(found, numpy.int64)
