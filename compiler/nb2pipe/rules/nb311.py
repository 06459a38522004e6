"""NB311 split-ignores-time."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class SplitIgnoresTime(Violation):
    """Rows with a time are split without regard to it."""

    code = "NB311"
    slug = "split-ignores-time"
    severity = Severity.NOTE
    since = "0.1"
    message = "`{call}` mixes early and late rows of data that has a time column"
    why = "the model learns from rows that come after those it is tested on, which it never can in service"
    fix = "if the order matters, split in time: `shuffle=False` on sorted rows, or `TimeSeriesSplit`"

    call: str
