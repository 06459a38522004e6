"""Rows in groups (windows of time, slices) → which group drifts, and since when. All groups are judged under one error budget."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.monitoring.categorical import CategoricalSketch, Counted, sketch_categorical
from jupyter_mlops.monitoring.chunks import codes_of, dense
from jupyter_mlops.monitoring.comparison import compare
from jupyter_mlops.monitoring.numeric import NumericSketch, count_sorted
from jupyter_mlops.monitoring.results import ColumnResult
from jupyter_mlops.monitoring.sketch import Profile, Sketch
from jupyter_mlops.monitoring.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable


def windows(
    reference: Profile, source: Source, column: str, names: list[str], *, count: int, minimum_effect: float, q: float
) -> dict[str, dict[str, Any]]:
    """Say for each column of `names` since when it drifts: the start of the last unbroken run of windows that do.

    Parameters
    ----------
    reference : Profile
        What each window is compared with.
    source : Source
        The current data; `column` is its time (or any number that grows), cut into `count` windows of equal length.

    Returns
    -------
    dict
        By column: `since` (text, "" when the last window does not drift), `effects` and `alarms` of each window.
    """
    times = [dense(chunk) for chunk in source.chunks(column)]
    low = min((float(numpy.nanmin(part)) for part in times if numpy.isfinite(part).any()), default=math.nan)
    high = max((float(numpy.nanmax(part)) for part in times if numpy.isfinite(part).any()), default=math.nan)
    if not high > low:
        return {}
    limits = numpy.linspace(low, high, count + 1)

    def group(batch: Any) -> Any:
        moment = dense(batch)
        return numpy.where(numpy.isnan(moment), -1, numpy.clip(numpy.searchsorted(limits, moment, "right") - 1, 0, count - 1))

    pairs = {
        (name, window): sketch
        for name in names
        for window, sketch in enumerate(_grouped(source, name, column, group, count, reference.columns[name]))
    }
    results = _compare_pairs({key: reference.columns[key[0]] for key in pairs}, pairs, minimum_effect, q)
    told = {}
    for name in names:
        row = [results[name, window] for window in range(count)]
        alarms = [result.alarming for result in row]
        run = next((index for index in range(count, 0, -1) if not alarms[index - 1]), 0)
        since = "" if run == count else _moment(float(limits[run]), str(source.types[column]))
        told[name] = {"since": since, "effects": [_tidy(result.effect) for result in row], "alarms": alarms}
    return told


def slices(
    reference: Profile, before: Source, now: Source, by: str, names: list[str], *, minimum_effect: float, q: float, most: int = 20
) -> list[dict[str, Any]]:
    """Compare both sides within each of the `most` frequent categories of column `by`; give the drifting ones, strongest first."""
    known = reference.columns[by]
    if not isinstance(known, CategoricalSketch):
        raise ValueError(  # noqa: TRY004 - the argument names a column that does not fit
            f"a slice needs a column of categories, `{by}` is `{known.type}`"
        )
    groups = list(known.counts)[:most]

    def group(batch: Any) -> Any:
        codes, labels = codes_of(batch)
        places = numpy.array([groups.index(name) if name in groups else -1 for name in labels.to_pylist()] + [-1])
        return places[codes]

    sides = [
        {
            (name, part): sketch
            for name in names
            for part, sketch in enumerate(_grouped(source, name, by, group, len(groups), reference.columns[name]))
        }
        for source in (before, now)
    ]
    results = _compare_pairs(sides[0], sides[1], minimum_effect, q)
    drifting = [(key, result) for key, result in results.items() if result.alarming]
    drifting.sort(key=lambda pair: (-pair[1].effect, pair[0]))
    return [
        {
            "slice": f"{by} = {groups[part]}",
            "column": name,
            "effect": _tidy(result.effect),
            "low": _tidy(result.low),
            "rows": sides[1][name, part].rows,
        }
        for (name, part), result in drifting
    ]


def _compare_pairs(
    before: dict[tuple[str, int], Sketch], now: dict[tuple[str, int], Sketch], minimum_effect: float, q: float
) -> dict[tuple[str, int], ColumnResult]:
    keys = {f"{index}": key for index, key in enumerate(now)}
    profiles = [Profile({name: side[key] for name, key in keys.items()}, 0) for side in (before, now)]
    return {keys[result.column]: result for result in compare(*profiles, columns=list(keys), minimum_effect=minimum_effect, q=q)}


def _grouped(source: Source, name: str, by: str, group: Callable[[Any], Any], count: int, like: Sketch) -> list[Sketch]:
    """Sketch one column once for each group, in one pass."""
    found: list[list[Any]] = [[] for _ in range(count)]
    for batch in source.parts([name, by] if name != by else [name]):
        where = group(batch.column(by))
        if isinstance(like, NumericSketch):
            values = dense(batch.column(name))
            for index in range(count):
                found[index].append(count_sorted(numpy.sort(values[where == index]), like.edges, type=like.type))
        else:
            codes, labels = codes_of(batch.column(name))
            listed = labels.to_pylist()
            for index in range(count):
                part = codes[where == index]
                counts = numpy.bincount(part[part >= 0], minlength=len(listed)).tolist()
                found[index].append(Counted(dict(zip(listed, counts, strict=True)), 0, int((part >= 0).sum()), int((part < 0).sum())))
    if isinstance(like, NumericSketch):
        return [_sum(parts, like) for parts in found]
    known = tuple(like.counts) if isinstance(like, CategoricalSketch) else ()
    return [sketch_categorical(parts, like.type, known=known) for parts in found]


def _sum(parts: list[NumericSketch], like: NumericSketch) -> NumericSketch:
    total = count_sorted(numpy.empty(0), like.edges, type=like.type)
    for part in parts:
        total = total.merge(part)
    return total


def _moment(value: float, kind: str) -> str:
    if kind.startswith(("timestamp", "date")):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M")
    return f"{value:g}"


def _tidy(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
