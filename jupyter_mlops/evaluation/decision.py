"""An estimate and a threshold → PASS, FAIL or INCONCLUSIVE, and the rows that a verdict would need; all rows under one error budget.

A gate passes when every row passes. Each row passes only if its interval lies wholly on the good side, so a challenger that is truly bad in
any one row is promoted with probability 1 − confidence at most: for that claim no correction is needed (an intersection–union test; Berger,
1982). With many rows some would *fail* by chance, so a row fails only if it also survives the correction over all rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule's evidence. `side` is where the true value has to be: "above" or "below" `threshold`, or "inside" ± `threshold`.

    `value` and `other` are the metric of the challenger and of what it is held against. `supposed` is the true value for which `needed` rows
    are planned. `p_fail` is the p-value against "the rule holds".
    """

    metric: str
    scope: str
    rule: str
    against: str
    estimate: Estimate
    side: str
    threshold: float | None
    value: float = math.nan
    other: float | None = None
    margin: float | None = None
    supposed: float | None = None
    least: int = 0
    lenient: bool = False
    report_only: bool = False
    unit: str = ""
    note: str = ""
    test: str = ""
    verdict: Verdict = Verdict.INCONCLUSIVE
    needed: int | None = None
    p_fail: float = 1.0

    @property
    def judged(self) -> bool:
        """Whether the gate's verdict depends on it."""
        return not self.report_only and self.threshold is not None


def decide(rows: Sequence[Row], confidence: float, correction: str = "fdr") -> list[Row]:
    """Give every row its verdict.

    Parameters
    ----------
    rows : sequence of Row
        All rows of a gate, slices too.
    confidence : float
        One-sided.
    correction : str
        Over all rows that could fail: ``"fdr"`` (Benjamini and Hochberg, 1995) or ``"holm"`` (Holm, 1979).
    """
    chances = [_p_fail(row) for row in rows]
    counted = [at for at, row in enumerate(rows) if row.judged and not math.isnan(chances[at])]
    adjusted = dict(zip(counted, adjust(numpy.asarray([chances[at] for at in counted]), correction), strict=True))
    return [_decided(row, adjusted.get(at, 1.0), confidence) for at, row in enumerate(rows)]


def adjust(p_values: NDArray[Any], correction: str) -> NDArray[Any]:
    """Adjust p-values for their number; shape (m,) → (m,).

    Raises
    ------
    ValueError
        For a `correction` that is neither ``"fdr"`` nor ``"holm"``.
    """
    if correction not in {"fdr", "holm"}:
        raise ValueError(f"`correction` is `fdr` or `holm`, not `{correction}`")
    m = len(p_values)
    order = numpy.argsort(p_values, kind="stable")
    ranked = p_values[order]
    if correction == "holm":
        steps = numpy.maximum.accumulate(ranked * (m - numpy.arange(m)))
    else:
        steps = numpy.minimum.accumulate((ranked * m / numpy.arange(1, m + 1))[::-1])[::-1]
    adjusted = numpy.empty(m)
    adjusted[order] = numpy.minimum(steps, 1.0)
    return adjusted


def _p_fail(row: Row) -> float:
    if row.threshold is None or not row.estimate.defined:
        return math.nan
    match row.side:
        case "above":
            return row.estimate.above(row.threshold)
        case "below":
            return row.estimate.below(row.threshold)
        case _:
            return min(1.0, 2 * min(row.estimate.below(row.threshold), row.estimate.above(-row.threshold)))


def _decided(row: Row, p_fail: float, confidence: float) -> Row:
    if row.threshold is None:
        return replace(row, verdict=Verdict.PASS, report_only=True)
    found = row.estimate
    if not found.defined:
        return replace(row, verdict=Verdict.INCONCLUSIVE, note=row.note or found.note, p_fail=1.0)
    holds, fails = _lies(row)
    verdict = Verdict.INCONCLUSIVE
    if fails and p_fail <= 1 - confidence:
        verdict = Verdict.FAIL
    elif found.n < row.least:
        return replace(row, needed=row.least, note=row.note or f"fewer than {row.least:,} rows are not judged", p_fail=p_fail)
    elif holds:
        verdict = Verdict.PASS
    elif row.lenient:
        return replace(row, verdict=Verdict.PASS, note=row.note or "not shown to be harmed", p_fail=p_fail)
    needed = _needed(row) if verdict is Verdict.INCONCLUSIVE else None
    note = row.note or ("would fail alone, not after the correction over all rows" if fails and verdict is not Verdict.FAIL else "")
    return replace(row, verdict=verdict, needed=needed, note=note, p_fail=p_fail)


def _lies(row: Row) -> tuple[bool, bool]:
    """Tell whether the interval lies wholly on the good side, and wholly on the bad one."""
    low, high, at = row.estimate.low, row.estimate.high, row.threshold
    assert at is not None
    strict = row.rule == "superior"  # better, not merely equal
    match row.side:
        case "above":
            return (low > at if strict else low >= at), (high <= at if strict else high < at)
        case "below":
            return (high < at if strict else high <= at), (low >= at if strict else low > at)
        case _:
            return -at <= low and high <= at, low > at or high < -at


def _needed(row: Row) -> int | None:
    """Plan the number of rows, for the true value that is supposed, else for the one that was seen."""
    assert row.threshold is not None
    supposed = row.estimate.value if row.supposed is None else row.supposed
    edge = row.threshold if row.side != "inside" or supposed > 0 else -row.threshold
    planned = row.estimate.needed(edge, supposed)
    return None if planned is None else max(planned, row.least, row.estimate.n + 1)
