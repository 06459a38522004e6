"""NB203 out-of-order-execution."""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.diagnostics.model import Severity, Violation


@dataclass(frozen=True)
class OutOfOrderExecution(Violation):
    """The saved outputs come from running the cells in another order."""

    code = "NB203"
    slug = "out-of-order-execution"
    severity = Severity.NOTE
    since = "0.1"
    message = "this cell last ran as number {count}, before cell {other}, which makes `{name}`, ran as number {other_count}"
    why = "a pipeline runs the cells from top to bottom, so its results may differ from the outputs saved in the notebook"
    fix = "run the notebook from top to bottom once (Restart and Run All) and save it"

    count: int
    other: int
    name: str
    other_count: int
