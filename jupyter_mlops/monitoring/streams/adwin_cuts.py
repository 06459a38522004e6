"""A log → the first place at which ADWIN, fresh at the log's beginning, finds two means: all its checks as arrays.

ADWIN's buckets hold powers of two of values, and how many of each it has depends only on how many values it saw. So the cuts that are tried
after t values are known beforehand, and the sum before each is a difference of running sums. Most checks are far from an alarm: they are
screened with a bound that is never above ADWIN's own, and only those that come near it are looked at one by one.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy

TICKS = 1024
"""Checks looked at together: their arrays stay in the processor's cache."""

NEAR = 1e-9
"""A distance this close to its limit, as a share of it, may be on its other side for rounding: River itself decides."""


class Settings(NamedTuple):
    """River's parameters, by its names."""

    delta: float = 0.002
    clock: int = 32
    max_buckets: int = 5
    min_window_length: int = 5
    grace_period: int = 10


def first_cut(log: Any, settings: Settings) -> tuple[int, bool]:
    """Find the first value after which a cut alarms.

    Parameters
    ----------
    log : float64 array, shape (n,)
        Values since the window was empty.
    settings : Settings
        River's parameters; `clock` at least 1.

    Returns
    -------
    int, bool
        The place, -1 for none, and whether it is certain; where it is not, it is the first place that rounding may decide.
    """
    clock = settings.clock
    centre = float(log[: 32 * clock].mean()) if len(log) else 0.0
    values, squares, done, block = numpy.empty(len(log) + 1), 0.0, 0, 32
    values[0] = 0.0
    while (done + 1) * clock <= len(log):
        count = min(block, len(log) // clock - done)
        start, stop = done * clock, (done + count) * clock
        part = log[start:stop] - centre
        numpy.cumsum(part, out=values[start + 1 : stop + 1])
        values[start + 1 : stop + 1] += values[start]
        part *= part
        sums = numpy.cumsum(part.reshape(count, clock).sum(axis=1)) + squares
        squares = float(sums[-1])
        place, certain = _first_of_block(values, sums, numpy.arange(done + 1, done + count + 1) * clock, settings)
        if place >= 0:
            return place, certain
        done, block = done + count, min(4 * block, TICKS)
    return -1, True


class Checks(NamedTuple):
    """Checks after `seen` values each: arrays of shape (checks,), `counts` by level: how many buckets were ever made there.

    ADWIN alarms only where |u0 - n0 mean| > sqrt(limit n0 (n - n0)) + slack, u0 the sum of the first n0 values: its own limit, times n0 n1 / n.
    """

    seen: Any
    mean: Any
    spread: Any
    limit: Any
    slack: Any
    counts: list[Any]

    def only(self, places: Any) -> Checks:
        """Give some of them."""
        seen, mean, spread, limit, slack = (side[places] for side in self[:5])
        return Checks(seen, mean, spread, limit, slack, [row[places] for row in self.counts])


def _first_of_block(values: Any, squares: Any, seen: Any, settings: Settings) -> tuple[int, bool]:
    """Screen checks after `seen` values each, roughly and then cut by cut, and look at those that remain, in order."""
    late = seen > max(settings.grace_period, 1)
    if not late.all():
        squares, seen = squares[late], seen[late]
    if not len(seen):
        return -1, True
    total, n = values[seen], seen.astype(float)
    spread = numpy.maximum(squares - total * total / n, 0.0)
    strictness = numpy.log(2 * numpy.log(n) / settings.delta) * (1 - 1e-6)
    counts = [seen]
    while counts[-1][-1] > 0:
        counts.append(numpy.maximum((counts[-1] - settings.max_buckets + 1) // 2, 0))
    checks = Checks(seen, total / n, spread, 2 * strictness * spread / (n * n), 2 / 3 * strictness, counts)
    for places in (_roughly, _cut_by_cut):
        checks = checks.only(numpy.flatnonzero(places(values, checks, settings)))
        if not len(checks.seen):
            return -1, True
    for index, after in enumerate(checks.seen):
        verdict = _check(values, int(after), float(checks.spread[index]), [int(row[index]) for row in checks.counts], settings)
        if verdict:
            return int(after) - 1, verdict > 0
    return -1, True


def _roughly(values: Any, checks: Checks, settings: Settings) -> Any:
    """Bound all cuts of a level at once; give the checks that might alarm (bool array, shape (checks,))."""
    seen = checks.seen
    suspects: Any = numpy.zeros(len(seen), bool)
    last = seen - max(settings.min_window_length, 1)
    middle = float(checks.mean[-1])
    rest = checks.mean - middle
    for level in range(len(checks.counts) - 1):
        if level == 0 and settings.max_buckets - 1 < settings.min_window_length:
            continue  # what follows these cuts is too short
        first = 2 * checks.counts[level + 1]
        if 4 << level >= seen[-1] - seen[0]:
            if _few_ends(values, checks, level, settings):
                return numpy.ones(len(seen), bool)
            continue
        high, low = _extremes(values[: seen[-1] + 1 : 1 << level], first, settings.max_buckets, middle * (1 << level))
        begin = (first + 1) << level
        end = numpy.minimum((first + settings.max_buckets) << level, last)
        near, far = begin * rest, end * rest
        reach = numpy.maximum(high - numpy.minimum(near, far), numpy.maximum(near, far) - low)
        reach = numpy.maximum(reach - checks.slack, 0.0)
        least = numpy.minimum(begin * (seen - begin), end * (seen - end)) * checks.limit
        suspects |= (reach * reach > least) & (begin <= last)
    return suspects


def _extremes(column: Any, first: Any, width: int, slope: float) -> tuple[Any, Any]:
    """Give the highest and lowest of `column[k] - slope k`, first < k <= first + width, for each `first`."""
    begin = int(first[0])
    part = column[begin + 1 : int(first[-1]) + width + 1]
    missing = int(first[-1]) + width - begin - len(part)
    if missing > 0:
        part = numpy.concatenate([part, numpy.full(missing, column[-1])])
    part = part - slope * numpy.arange(begin + 1, begin + 1 + len(part))
    places = first - begin
    if len(part) > 2 * len(first):
        rows = part[places + numpy.arange(width)[:, None]]
        return rows.max(axis=0), rows.min(axis=0)
    count = len(part) - width + 1
    high, low = part[:count].copy(), part[:count].copy()
    for ahead in range(1, width):
        numpy.maximum(high, part[ahead : ahead + count], out=high)
        numpy.minimum(low, part[ahead : ahead + count], out=low)
    return high[places], low[places]


def _few_ends(values: Any, checks: Checks, level: int, settings: Settings) -> bool:
    """Bound the cuts of a level whose buckets are so large that all checks share a few; say whether any check might alarm."""
    first, final = 2 * int(checks.counts[level + 1][0]), 2 * int(checks.counts[level + 1][-1])
    ends: Any = numpy.arange(first + 1, final + settings.max_buckets + 1) << level
    ends = ends[ends <= checks.seen[-1] - max(settings.min_window_length, 1)]
    if not len(ends):
        return False
    distance = numpy.maximum(
        numpy.abs(values[ends] - ends * float(checks.mean.min())), numpy.abs(values[ends] - ends * float(checks.mean.max()))
    )
    # what follows a cut is no shorter than the buckets that all smaller levels keep
    after = numpy.maximum(int(checks.seen[0]) - ends, (settings.max_buckets - 1) * ((1 << level) - 1))
    least = float(checks.limit.min()) * ends * after
    return bool((distance * distance > least).any())


def _cut_by_cut(values: Any, checks: Checks, settings: Settings) -> Any:
    """Bound each cut by itself; give the checks that might alarm."""
    suspects: Any = numpy.zeros(len(checks.seen), bool)
    ahead = numpy.arange(1, settings.max_buckets + 1)[:, None]
    for level in range(len(checks.counts) - 1):
        ends = (2 * checks.counts[level + 1] + ahead) << level
        numpy.minimum(ends, checks.seen, out=ends)
        before = values[ends]
        before -= ends * checks.mean
        before = numpy.maximum(numpy.abs(before) - checks.slack, 0.0)
        before *= before
        suspects |= (before > checks.limit * (ends * (checks.seen - ends))).any(axis=0)
    return suspects


def _check(values: Any, n: int, spread: float, counts: list[int], settings: Settings) -> int:
    """Try all cuts after `n` values with ADWIN's own limit: 1 for an alarm, 0 for none, -1 where rounding may decide."""
    least = settings.min_window_length
    ends = [
        (2 * upper + number) << level for level, (lower, upper) in enumerate(pairwise(counts)) for number in range(1, lower - 2 * upper + 1)
    ]
    cuts = numpy.array([end for end in ends if least <= end and max(least, 1) <= n - end], numpy.int64)
    if not len(cuts):
        return 0
    before, total = values[cuts], values[n]
    distance = numpy.abs(before / cuts - (total - before) / (n - cuts))
    strictness = math.log(2 * math.log(n) / settings.delta)
    pieces = 1 / (cuts - least + 1.0) + 1 / (n - cuts - least + 1.0)
    limit = numpy.sqrt(2 * pieces * spread / n * strictness) + 2 / 3 * strictness * pieces
    if (distance > limit * (1 + NEAR)).any():
        return 1
    return -1 if (distance > limit * (1 - NEAR)).any() else 0
