"""Counts of the same categories in two samples → Pearson's chi-squared test that both come from one distribution.

A two-sample test: both rows are random. The one-sample test that takes the reference's shares as known alarms in 40 of 100 cases where 5 are due.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy


class ChiSquared(NamedTuple):
    """`statistic` X², its degrees of `freedom`, its `p` value."""

    statistic: float
    freedom: int
    p: float


def chi_squared(reference: Any, current: Any) -> ChiSquared:
    """Test whether two rows of counts come from one distribution.

    X² = Σ (observed − expected)² / expected over both rows, expected = row total · column total / total; cells empty in both rows are
    left out.

    Parameters
    ----------
    reference, current : int array, shape (categories,)
        Counts of the same categories.

    Returns
    -------
    ChiSquared
        With 0 degrees of freedom (one category) X² is 0 and p is 1.

    Raises
    ------
    ValueError
        If a row counts nothing, or the rows differ in length.

    Source
    ------
    Pearson 1900. Equals `scipy.stats.chi2_contingency(correction=False)`.

    Examples
    --------
    >>> chi_squared([10, 20, 30], [20, 20, 20]).freedom
    2
    """
    from scipy.special import chdtrc

    table = numpy.array([reference, current], dtype=float)
    totals = table.sum(axis=1, keepdims=True)
    if not totals.all():
        raise ValueError("the chi-squared test needs counts in both rows, found an empty one")
    table = table[:, table.sum(axis=0) > 0]
    expected = totals * table.sum(axis=0) / totals.sum()
    freedom = table.shape[1] - 1
    statistic = float(((table - expected) ** 2 / expected).sum())
    return ChiSquared(statistic, freedom, float(chdtrc(freedom, statistic)) if freedom else 1.0)


def pool_rare(reference: Any, current: Any, least: float = 5.0) -> tuple[Any, Any]:
    """Add categories together whose expected count in either row is below `least`: the chi-squared distribution holds for the rest.

    The pooled cell is the last one; while it is itself too small, the rarest category joins it.

    Source
    ------
    Cochran 1954, "Some methods for strengthening the common χ² tests".
    """
    reference, current = numpy.asarray(reference, dtype=float), numpy.asarray(current, dtype=float)
    both = reference + current
    share = min(reference.sum(), current.sum()) / max(both.sum(), 1.0)
    order = numpy.argsort(-both, kind="stable")
    kept = int((both[order] * share >= least).sum())
    while 0 < kept < len(order) and 0 < both[order[kept:]].sum() * share < least:
        kept -= 1
    if kept == len(order):
        return reference, current
    listed, rest = order[:kept], order[kept:]
    return tuple(numpy.append(side[listed], side[rest].sum()) for side in (reference, current))  # type: ignore[return-value]
