"""What is found out about one column, as plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any


class Status(Enum):
    """The outcome for one column."""

    DRIFT = "drift"
    MISSING = "missing column"
    CHANGED_TYPE = "type changed"
    CANNOT_TELL = "cannot tell"
    STEADY = "steady"
    NEW = "new column"
    NOT_TESTED = "not tested"


ALARMS = frozenset({Status.DRIFT, Status.MISSING, Status.CHANGED_TYPE})
"""Statuses that make a report fail."""


@dataclass(frozen=True)
class ColumnResult:
    """One column: what was found, how sure that is, and in which sentence to say it.

    Attributes
    ----------
    column, family : str
        Name; "numeric", "time", "categorical" or "".
    status : Status
        The outcome; `reason` says it in a sentence.
    test : str
        "Kolmogorov-Smirnov" or "chi-squared"; "" where none applies.
    effect, low, high : float
        How much: D, or Cramér's V for equal sizes, both from 0 to 1, and the 95 % interval of it.
    bounds : tuple of two floats
        A certified interval of the sample's own D; both equal where it is exact.
    p, q : float
        Of the test; `q` over all tests of the report (Benjamini-Hochberg). NaN where there was no test.
    detectable : float
        The smallest effect that this many rows would show in four of five cases.
    psi, jensen_shannon, wasserstein : float
        Population stability index (nats), Jensen-Shannon distance (0 to 1), Wasserstein distance (the column's unit). NaN where undefined.
    missing, missing_now : float
        Share of rows without a value, before and now; `missing_p`, `missing_q` and `missing_low` (the least difference) judge it.
    new_categories : tuple of (str, int)
        Categories that the reference does not have, and their rows.
    notes : tuple of str
        What else a reader should know.
    """

    column: str
    family: str
    status: Status = Status.STEADY
    reason: str = ""
    test: str = ""
    effect: float = math.nan
    low: float = math.nan
    high: float = math.nan
    bounds: tuple[float, float] = (math.nan, math.nan)
    p: float = math.nan
    q: float = math.nan
    detectable: float = math.nan
    psi: float = math.nan
    jensen_shannon: float = math.nan
    wasserstein: float = math.nan
    missing: float = 0.0
    missing_now: float = 0.0
    missing_p: float = math.nan
    missing_q: float = math.nan
    missing_low: float = math.nan
    new_categories: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def alarming(self) -> bool:
        """Whether somebody has to look at the column."""
        return self.status in ALARMS

    def with_(self, **fields: Any) -> ColumnResult:
        """Give a copy with other fields."""
        return replace(self, **fields)
