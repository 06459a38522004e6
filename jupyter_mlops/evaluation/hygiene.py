"""The held-out rows against the training rows, the clock, live traffic and past uses → whether a verdict on them would mean anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DAY_SECONDS = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: `status` is "pass", "fail" (nothing is judged), "warning" or "info"; `fix` says what would mend it."""

    name: str
    status: str
    found: str
    fix: str = ""


def without_variation(features: Any) -> list[Check]:
    """Name the columns that have one value, or none, on all rows: whatever a model knows of them is not judged here."""
    if isinstance(features, numpy.ndarray):
        return []
    flat = [name for name in columns.names(features) if _is_flat(columns.column(features, name))]
    if not flat:
        return []
    shown = ", ".join(f"`{name}`" for name in flat[:8]) + (f" and {len(flat) - 8} more" if len(flat) > 8 else "")
    found = f"{shown} {'has' if len(flat) == 1 else 'have'} a single value, or none, on all rows"
    return [Check(name="columns without variation", status="warning", found=found, fix="is the source of the rows broken?")]


def _is_flat(values: NDArray[Any]) -> bool:
    """Tell one value (or nothing) from many; the first rows tell most columns."""
    for part in (values[:100], values):
        missing = part != part  # noqa: PLR0124 - NaN is missing
        same = (part == part[:1]) | missing
        if not numpy.asarray(same).all():
            return False
    return len(values) > 1


def overlap(data: Any, training: Any, limit: float) -> Check:
    """Look for held-out rows among the training rows, by digests of the columns that both have.

    Parameters
    ----------
    data : table
        The held-out rows.
    training : table or uint64 array
        The training rows, or what `row_digests` gave for all of their columns.
    limit : float
        The share of held-out rows that may be in training.
    """
    name = "rows not in training"
    if isinstance(training, numpy.ndarray) and training.dtype == numpy.uint64:
        mine, theirs = columns.row_digests(data), training
    else:
        shared = sorted(set(columns.names(data)) & set(columns.names(training)))
        if not shared:
            return Check(
                name=name, status="fail", found="no column of the training rows is in the data", fix="pass the same columns in both"
            )
        mine, theirs = columns.row_digests(data, shared), columns.row_digests(training, shared)
    seen = numpy.isin(mine, theirs)
    count = int(seen.sum())
    found = f"{count:,} of {len(mine):,} rows were in training"
    if count > limit * len(mine):
        first = ", ".join(str(at) for at in numpy.flatnonzero(seen)[:5])
        return Check(
            name=name,
            status="fail",
            found=f"{found} (rows {first}{', …' if count > 5 else ''})",
            fix="hold out rows that the model has not seen; if different rows may be equal, keep an id or a time among the columns",
        )
    return Check(name=name, status="pass" if not count else "warning", found=found)


def order(data: Any, time: str, training_end: object) -> list[Check]:
    """Look at the time column: nothing missing, rows in order, all later than training."""
    instants, _ = _instants(columns.column(data, time))
    missing = int(numpy.isnan(instants).sum())
    if missing:
        return [Check(name="time order", status="fail", found=f"`{time}` is missing in {missing:,} rows", fix="drop them or fill them in")]
    back = int((numpy.diff(instants) < 0).sum())
    checks = [
        Check(
            name="time order",
            status="fail" if back else "pass",
            found=f"`{time}` goes back {back:,} times" if back else f"rows follow `{time}`",
            fix=f"split by time, not at random; then sort by `{time}`" if back else "",
        )
    ]
    if training_end is not None and len(instants):
        end = float(_instants(numpy.asarray([training_end]))[0][0])
        early = int((instants <= end).sum())
        checks.append(
            Check(
                name="later than training",
                status="fail" if early else "pass",
                found=f"{early:,} of {len(instants):,} rows are not later than the end of training"
                if early
                else "all rows are later than training",
                fix="train on rows before the first held-out one" if early else "",
            )
        )
    return checks


def training_end(training: Any, time: str | None) -> object:
    """Give the time of the last training row, or None when it is not known."""
    if time is None or isinstance(training, numpy.ndarray) or time not in columns.names(training):
        return None
    values = columns.column(training, time)
    instants, _ = _instants(values)
    return None if not len(values) or numpy.isnan(instants).all() else values[int(numpy.nanargmax(instants))]


def age(data: Any, time: str, evaluated_at: object, limit_days: float | None) -> Check:
    """Compare the newest row with the time of the evaluation."""
    instants, clock = _instants(columns.column(data, time))
    if not clock or not len(instants) or numpy.isnan(instants).all():
        status = "info" if limit_days is None else "fail"
        return Check(
            name="age", status=status, found=f"`{time}` is no clock time, so the age of the rows is not known", fix="give a column of dates"
        )
    now = float(_instants(numpy.asarray([evaluated_at]))[0][0]) if evaluated_at is not None else datetime.now(UTC).timestamp()
    days = (now - float(numpy.nanmax(instants))) / DAY_SECONDS
    found = f"the newest row is {days:,.1f} days old"
    if days < 0:
        return Check(name="age", status="warning", found=f"the newest row is {-days:,.1f} days in the future")
    if limit_days is None:
        return Check(name="age", status="info", found=found)
    stale = days > limit_days
    fix = "evaluate on newer rows: the world that these came from may be gone" if stale else ""
    return Check(name="age", status="fail" if stale else "pass", found=f"{found}; the limit is {limit_days:g}", fix=fix)


def reuse(count: int, limit: int | None) -> Check:
    """Judge how often these rows have decided before: each use makes the next verdict a little more lucky."""
    found = f"{count:,} other {'challenger was' if count == 1 else 'challengers were'} judged on these rows before"
    if limit is not None and count >= limit:
        return Check(name="uses of the test set", status="fail", found=f"{found}; the limit is {limit:,}", fix="hold out fresh rows")
    return Check(name="uses of the test set", status="info" if limit is None else "pass", found=found)


def answerable(target: NDArray[Any]) -> Check:
    """Look for missing labels."""
    bad = int(sum(each is None or each != each for each in target.tolist())) if target.dtype.kind == "O" else _not_finite(target)  # noqa: PLR0124
    if bad:
        return Check(
            name="labels",
            status="fail",
            found=f"the target is missing or infinite in {bad:,} of {len(target):,} rows",
            fix="drop those rows",
        )
    return Check(name="labels", status="pass", found=f"{len(target):,} labels, none missing")


def refused(checks: Sequence[Check]) -> list[Check]:
    """Give the checks for which nothing is judged."""
    return [each for each in checks if each.status == "fail"]


def _not_finite(values: NDArray[Any]) -> int:
    if values.dtype.kind == "f":
        return int((~numpy.isfinite(values)).sum())
    return int(numpy.isnat(values).sum()) if values.dtype.kind in "mM" else 0


def _instants(values: NDArray[Any]) -> tuple[NDArray[Any], bool]:
    """Give times as float seconds since 1970 (True), or as the numbers they are (False)."""
    if values.dtype.kind == "M":
        nanoseconds = values.astype("datetime64[ns]")
        return numpy.where(numpy.isnat(nanoseconds), math.nan, nanoseconds.astype(numpy.int64) / 1e9), True
    if values.dtype.kind in "biuf":
        return values.astype(float), False
    return numpy.asarray([_instant(each) for each in values.tolist()], dtype=float), True


def _instant(value: Any) -> float:
    if value is None or value != value:  # noqa: PLR0124 - NaT is missing
        return math.nan
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"the time `{value}` is not written as ISO 8601, such as `2026-03-01T12:00:00`") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if hasattr(value, "timestamp"):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return float(aware.timestamp())
    return float(numpy.datetime64(value, "ns").astype(numpy.int64) / 1e9)
