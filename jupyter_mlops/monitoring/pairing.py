"""A reference and current data → their profiles at the same edges, and D known exactly where both fit into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from jupyter_mlops.monitoring.bucketed import LEAST, sketch_both
from jupyter_mlops.monitoring.chunks import family, numbers
from jupyter_mlops.monitoring.numeric import count_sorted, edges_of_sorted
from jupyter_mlops.monitoring.sketch import Profile, Sketch, sketch_column
from jupyter_mlops.monitoring.sources import Source, open_source
from jupyter_mlops.monitoring.statistics.kolmogorov_smirnov import distance_of_sorted

if TYPE_CHECKING:
    from collections.abc import Iterable

EXACT_ROWS = 2_000_000
"""Up to so many rows on a side a column is sorted whole, and D is exact; beyond, it is known within a certified interval."""


class Pair(NamedTuple):
    """Both sides; sources are None where only a profile was given."""

    reference: Profile
    current: Profile
    reference_source: Source | None
    current_source: Source | None
    exact: dict[str, float]


def pair(reference: Any, current: Any, columns: Iterable[str] | None = None) -> Pair:
    """Read both sides, one column at a time, each once."""
    first = None if isinstance(reference, Profile) else open_source(reference)
    second = None if isinstance(current, Profile) else open_source(current)
    chosen = None if columns is None else set(columns)
    before: dict[str, Sketch] = dict(reference.columns) if first is None else {}
    now: dict[str, Sketch] = dict(current.columns) if second is None else {}
    exact: dict[str, float] = {}
    for name in _names(first, before, second, now):
        if chosen is not None and name not in chosen:
            continue
        if first is not None and second is not None and _both_numeric(first, second, name):
            before[name], now[name], exact[name] = _sorted_pair(first, second, name)
            continue
        if first is not None and name in first.types:
            before[name] = sketch_column(first, name, edges=1024 if second is not None else 512)
        if second is not None and name in second.types:
            now[name] = sketch_column(second, name, before.get(name))
    exact = {name: distance for name, distance in exact.items() if distance >= 0}
    sizes = [side.rows for side in (first or reference, second or current)]
    return Pair(Profile(before, sizes[0]), Profile(now, sizes[1]), first, second, exact)


def _names(first: Source | None, before: dict[str, Sketch], second: Source | None, now: dict[str, Sketch]) -> list[str]:
    return list(dict.fromkeys([*(first.types if first else before), *(second.types if second else now)]))


def _both_numeric(first: Source, second: Source, name: str) -> bool:
    small = first.rows <= EXACT_ROWS and second.rows <= EXACT_ROWS
    return small and all(name in side.types and family(side.types[name]) in {"numeric", "time"} for side in (first, second))


def _sorted_pair(first: Source, second: Source, name: str) -> tuple[Sketch, Sketch, float]:
    (before, missing), (now, missing_now) = _whole(first, name), _whole(second, name)
    types = (str(first.types[name]), str(second.types[name]))
    if min(len(before), len(now)) >= LEAST:
        fast = sketch_both(before, now, (missing, missing_now), types)
        if fast is not None:
            return fast
    before, now = numpy.sort(before), numpy.sort(now)
    edges = edges_of_sorted(before)
    sketches = [
        count_sorted(side, edges, nulls=nulls, type=kind)
        for side, nulls, kind in zip((before, now), (missing, missing_now), types, strict=True)
    ]
    values = [side[: sketch.values] for side, sketch in zip((before, now), sketches, strict=True)]  # NaN stand last
    return *sketches, distance_of_sorted(*values) if len(values[0]) and len(values[1]) else -1.0  # type: ignore[return-value]


def _whole(source: Source, name: str) -> tuple[Any, int]:
    parts = list(numbers(source.chunks(name)))
    values = parts[0][0] if len(parts) == 1 else numpy.concatenate([part for part, _ in parts]) if parts else numpy.empty(0)
    return values, sum(missing for _, missing in parts)
