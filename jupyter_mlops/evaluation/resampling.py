"""Rows collapsed to counts or to sums of groups → bootstrap intervals whose cost does not grow with the rows.

Resampling n rows and counting cells is the same as drawing the cells' counts from a multinomial; sums of groups of neighbouring rows, drawn
with Poisson weights, give the bootstrap of every smooth function of means, and as the groups are stretches of time they keep what neighbours
have in common.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy
from scipy.special import ndtr, ndtri, stdtrit

from jupyter_mlops.evaluation.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

REPLICATES = 2000
GROUPS = 1024
"""Most groups of neighbouring rows; their number sets the error of the standard error, 1 / √(2 · groups), about 2 %."""
BLOCKS = 50


def of_counts(
    counts: NDArray[Any],
    statistic: Callable[[NDArray[Any]], NDArray[Any]],
    confidence: float,
    seed: int | None,
    *,
    smooth: float = 0.0,
) -> Estimate:
    """Estimate a smooth function of a table's counts by the multinomial bootstrap.

    Parameters
    ----------
    counts : int array, shape (cells,)
        How many rows fall into each cell.
    statistic : callable
        Counts of shape (replicates, cells) → values of shape (replicates,).
    confidence : float
        One-sided.
    seed : int or None
        Of the draws; None for the value alone.
    smooth : float
        Added to each cell before drawing (not to the estimate): cells that happen to be empty are not impossible. ½ as Agresti and Min.

    Source
    ------
    Efron, 1987, Better bootstrap confidence intervals; Agresti and Min, 2005, on smoothing paired tables.
    """
    table = numpy.asarray(counts, dtype=float)
    n = int(table.sum())
    value = float(statistic(table[None, :])[0])
    if seed is None:
        return _alone(value, n, confidence)
    replicates = statistic(drawn(table + smooth, n, seed))
    method = f"paired bootstrap of counts ({REPLICATES:,} replicates)"
    seen = numpy.flatnonzero(table)
    without = statistic(table[None, :] - numpy.eye(len(table))[seen])
    low, high = _corrected(value, replicates, value - without, table[seen], n, confidence)
    if smooth:
        least, most = _smoothed(table + smooth, value, statistic, confidence)
        low, high = min(low, least), max(high, most)
    return Estimate(value=value, low=low, high=high, n=n, confidence=confidence, method=method)


def drawn(table: NDArray[Any], n: int, seed: int) -> NDArray[Any]:
    """Draw tables of n rows with the shares of `table`; shape (cells,) → (replicates, cells)."""
    return numpy.random.default_rng(seed).multinomial(n, table / table.sum(), size=REPLICATES).astype(float)


def _smoothed(
    table: NDArray[Any], value: float, statistic: Callable[[NDArray[Any]], NDArray[Any]], confidence: float
) -> tuple[float, float]:
    """Give a t interval around a smoothed table's value, with half a row of continuity correction.

    A table has steps, and a percentile of draws lands on one of them: alone it misses at 7–9 % of the stated 5 % at 200 rows. Half a row is
    what `proportions.paired_difference` takes for the same reason.
    """
    n = float(table.sum())
    centre = float(statistic(table[None, :])[0])
    moved = (statistic(table[None, :] + numpy.eye(len(table))) - centre) * (n + 1)
    moved -= float((table * moved).sum()) / n
    error = (float((table * moved**2).sum()) / n / (n - 1)) ** 0.5
    half = float(stdtrit(max(n - 1, 1), confidence)) * error + 0.5 * float(numpy.abs(moved).max()) / n
    return min(value, centre) - half, max(value, centre) + half


def of_means(terms: NDArray[Any], function: Callable[[NDArray[Any]], NDArray[Any]], confidence: float, seed: int | None) -> Estimate:
    """Estimate a smooth function of means by the Poisson bootstrap over groups of neighbouring rows.

    Parameters
    ----------
    terms : float array, shape (n, terms)
        What each row adds to each mean, rows in order of time.
    function : callable
        Means of shape (replicates, terms) → values of shape (replicates,).
    confidence : float
        One-sided.

    Source
    ------
    Chamandy et al., 2012, Estimating uncertainty for massive data streams; Künsch, 1989, on blocks; Hesterberg, 2015, on the t widening.
    """
    n = len(terms)
    groups = min(n, GROUPS)
    starts: NDArray[Any] = numpy.arange(groups) * n // groups
    sums = numpy.add.reduceat(terms, starts, axis=0)
    sizes: NDArray[Any] = numpy.diff(numpy.append(starts, n)).astype(float)
    value = float(function(terms.mean(axis=0, keepdims=True))[0])
    if seed is None:
        return _alone(value, n, confidence)
    weights = _poisson(groups, seed)
    replicates = function((weights @ sums) / (weights @ sizes)[:, None])
    total = sums.sum(axis=0)
    without = function((total - sums) / (n - sizes)[:, None]) if groups > 1 else numpy.array([value])
    low, high = _corrected(value, replicates, value - without, numpy.ones(groups), groups, confidence)
    return Estimate(value=value, low=low, high=high, n=n, confidence=confidence, method=f"paired bootstrap ({groups:,} groups of rows)")


def of_blocks(n: int, function: Callable[[NDArray[Any]], float], confidence: float) -> Estimate:
    """Estimate any smooth statistic by leaving out one stretch of rows at a time (the block jackknife, t quantiles).

    Parameters
    ----------
    n : int
        Rows.
    function : callable
        Bool mask of shape (n,), the rows to use → value.

    Source
    ------
    Shao and Wu, 1989, A general theory for jackknife variance estimation.
    """
    blocks = min(n, BLOCKS)
    value = function(numpy.ones(n, dtype=bool))
    left = []
    for block in range(blocks):
        mask: NDArray[Any] = numpy.ones(n, dtype=bool)
        mask[block * n // blocks : (block + 1) * n // blocks] = False
        left.append(function(mask))
    values = numpy.asarray(left)
    error = ((blocks - 1) / blocks * float(((values - values.mean()) ** 2).sum())) ** 0.5
    half = float(stdtrit(max(blocks - 1, 1), confidence)) * error
    return Estimate(
        value=value, low=value - half, high=value + half, n=n, confidence=confidence, method=f"jackknife ({blocks} stretches of rows)"
    )


def _alone(value: float, n: int, confidence: float) -> Estimate:
    """Give a value without looking for its interval."""
    return Estimate(value=value, low=numpy.nan, high=numpy.nan, n=n, confidence=confidence, method="")


@lru_cache(maxsize=1)  # the same seed gives the same weights, and drawing them is most of the work
def _poisson(groups: int, seed: int) -> NDArray[Any]:
    weights = numpy.random.default_rng(seed).poisson(1.0, size=(REPLICATES, groups)).astype(numpy.float64)
    weights[weights.sum(axis=1) == 0] = 1.0  # only with a handful of rows
    return weights


def _corrected(
    value: float, replicates: NDArray[Any], influence: NDArray[Any], weights: NDArray[Any], units: int, confidence: float
) -> tuple[float, float]:
    """Read the bias-corrected and accelerated percentiles, widened for the number of units that were resampled; at least the t interval.

    The percentiles follow a skewed distribution, but they take the sample's spread for the truth's; the t interval does not. Each alone
    misses at 6–7 % of the stated 5 % at 200 rows, at different ends.
    """
    good = numpy.sort(replicates[numpy.isfinite(replicates)])
    if not len(good) or not numpy.isfinite(value):
        return numpy.nan, numpy.nan
    if good[0] == good[-1]:
        return float(good[0]), float(good[-1])
    below = (float((good < value).sum()) + float((good <= value).sum())) / 2 / len(good)
    shift = float(ndtri(min(max(below, 1 / len(good)), 1 - 1 / len(good))))
    centred = influence - (weights * influence).sum() / weights.sum()
    spread = float((weights * centred**2).sum())
    pull = float((weights * centred**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    # A spread that a few units make is known from few: var(s²) = s⁴ · (kurtosis − 1) / units, so Satterthwaite's degrees of freedom.
    kurtosis = units * float((weights * centred**4).sum()) / spread**2 if spread > 0 else 3.0
    z = float(stdtrit(min(max(2 * units / max(kurtosis - 1, 1e-9), 1.0), max(units - 1, 1)), confidence))
    z *= (units / max(units - 1, 1)) ** 0.5
    ends = []
    for side in (-z, z):
        moved = shift + (shift + side) / max(1 - pull * (shift + side), 0.2)
        ends.append(float(numpy.quantile(good, float(ndtr(moved)))))
    half = z * (spread * (units - 1) / units) ** 0.5
    return min(ends[0], value - half), max(ends[1], value + half)
