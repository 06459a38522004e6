"""Counts of two versions, block after block → evidence against a hypothesis: a number that may be looked at after every block.

Each function gives log e₁, log e₂, … . Under its hypothesis, e starts at 1 and has an expectation of at most 1 at any time at which one may
choose to stop, so the chance that it ever reaches 1/alpha is at most alpha (Ville): looking more often costs nothing. Each is a mixture of likelihood
ratios (or of their sub-Gaussian bounds) over a few alternatives.

Source
------
Ville, 1939, Étude critique de la notion de collectif, chapter V. Ramdas, Grünwald, Vovk, Shafer, 2023, Game-theoretic statistics and safe
anytime-valid inference, Statistical Science 38(4), sections 2 and 3. Hoeffding, 1963, Probability inequalities for sums of bounded random
variables, theorems 2 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Array = Any
Ratios = Mapping[float, float] | Sequence[float]
"""Alternatives, each with its weight in the mixture; equal weights where none are given."""
WORSE = {1.5: 0.15, 2.0: 0.5, 3.0: 0.15, 4.5: 0.1, 7.0: 0.05, 10.0: 0.05}
"""How many times as often as the hypothesis allows: what harm may look like.

Most weight lies on a doubling, which is the least that must be caught in minutes; what is far worse shows within seconds whatever its weight.
"""
BETTER = (0.9, 0.75, 0.5, 0.25, 0.05)
"""How many times as often as the hypothesis says at least: what health may look like."""
DISTANCES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""How far beyond the hypothesis a difference of means may lie."""


def rate_ratio(events: Array, requests: Array, stable_events: Array, stable_requests: Array, *, limit: float, ratios: Ratios) -> Array:
    """Weigh that the candidate's rate of some event is not `limit` times the stable version's, but `ratios` times that.

    Of k events in a block, each is the candidate's with chance q(r) = r·n/(r·n + m), n and m being both versions' requests. With c of them the
    candidate's, the block multiplies the evidence for ratio r by (q(r)/q(l))ᶜ · ((1−q(r))/(1−q(l)))ᵏ⁻ᶜ, l being the limit. A stable version
    without events needs no special case. Requests are drawn without replacement, which spreads c less than the binomial, so that the bound
    holds exactly (Hoeffding's theorem 4).

    Parameters
    ----------
    events, requests : float array, shape (blocks,)
        The candidate's counts.
    stable_events, stable_requests : float array, shape (blocks,)
        The stable version's, of the same blocks.
    limit : float
        The hypothesis: ratio ≤ `limit` if all `ratios` are above 1, ratio ≥ `limit` if all are below.
    ratios : mapping of float to float, or sequence of float
        Alternatives, in units of `limit`.

    Returns
    -------
    float array, shape (blocks,)
        log e after each block.
    """
    import numpy

    both = (requests > 0) & (stable_requests > 0)
    n, m = numpy.where(both, requests, 1.0), numpy.where(both, stable_requests, 1.0)
    rows = []
    for ratio in ratios:
        ours, theirs = _shares(limit * ratio, n, m), _shares(limit, n, m)
        gain = events * numpy.log(ours[0] / theirs[0]) + stable_events * numpy.log(ours[1] / theirs[1])
        rows.append(numpy.where(both, gain, 0.0))
    return _mix(rows, _weights(ratios))


def rate(events: Array, requests: Array, *, limit: float, ratios: Ratios) -> Array:
    """Weigh that a rate is not `limit`, but `ratios` times that: a mixture of binomial likelihood ratios.

    Parameters
    ----------
    events, requests : float array, shape (blocks,)
    limit : float
        The hypothesis, in (0, 1): rate ≤ `limit` if all `ratios` are above 1, rate ≥ `limit` if all are below.
    ratios : mapping of float to float, or sequence of float
        Alternatives, in units of `limit`; those that would be rates of 1 or more are left out.

    Returns
    -------
    float array, shape (blocks,)
        log e after each block.
    """
    import numpy

    possible = {ratio: weight for ratio, weight in zip(ratios, _weights(ratios), strict=True) if limit * ratio < 1}
    if not possible:  # the limit is so high that nothing can be worse by a factor
        return numpy.zeros(len(requests))
    gains = [events * numpy.log(ratio) + (requests - events) * numpy.log((1 - limit * ratio) / (1 - limit)) for ratio in possible]
    return _mix(gains, list(possible.values()))


def difference(mean: Array, count: Array, stable_mean: Array, stable_count: Array, *, limit: float) -> Array:
    """Weigh that one mean of values in [0, 1] is more than `limit` above another.

    With w = n·m/(n+m) and d the difference of a block's means, exp(λ·w·(d − limit) − λ²·w/8) has an expectation of at most 1 if the true
    difference is at most `limit` (Hoeffding's lemma). `stable_count` of ∞ stands for a mean that is known.

    Parameters
    ----------
    mean, count : float array, shape (blocks,)
        The candidate's mean of each block and how many values it is of.
    stable_mean, stable_count : float array, shape (blocks,)
        The stable version's.
    limit : float
        The hypothesis: difference ≤ `limit`.

    Returns
    -------
    float array, shape (blocks,)
        log e after each block.
    """
    import numpy

    both = (count > 0) & (stable_count > 0)
    n, m = numpy.where(both, count, 1.0), numpy.where(both, stable_count, 1.0)
    weight = numpy.where(both, 1 / (1 / n + 1 / m), 0.0)
    over = numpy.where(both, mean - stable_mean - limit, 0.0)
    slopes = [4 * distance for distance in DISTANCES]
    return _mix([slope * weight * over - slope**2 * weight / 8 for slope in slopes], [1.0] * len(slopes))


def moved_bins(counts: Array, stable_counts: Array) -> tuple[Array, Array]:
    """Find, for each block, how much of it lies in the bins that were the candidate's more often than the stable version's *before* it.

    Which bins these are is learnt from earlier blocks alone, so that a test of the two shares is honest. The share's difference is at most
    the total variation distance of both distributions.

    Parameters
    ----------
    counts, stable_counts : float array, shape (blocks, bins)

    Returns
    -------
    two float arrays, shape (blocks,)
        The candidate's and the stable version's share of the block in those bins; 0 and 0 where nothing was known before.
    """
    import numpy

    before, stable_before = (
        numpy.vstack([numpy.zeros(table.shape[1]), numpy.cumsum(table, axis=0)[:-1]]) for table in (counts, stable_counts)
    )
    size, stable_size = (numpy.maximum(table.sum(axis=1, keepdims=True), 1.0) for table in (before, stable_before))
    known = (before.sum(axis=1) > 0) & (stable_before.sum(axis=1) > 0)
    more = (before / size > stable_before / stable_size) & known[:, None]
    shares = [(table * more).sum(axis=1) / numpy.maximum(table.sum(axis=1), 1.0) for table in (counts, stable_counts)]
    return shares[0], shares[1]


def _shares(ratio: float, n: Array, m: Array) -> tuple[Array, Array]:
    total = ratio * n + m
    return ratio * n / total, m / total


def _weights(ratios: Ratios) -> list[float]:
    return list(ratios.values()) if isinstance(ratios, Mapping) else [1.0] * len(ratios)


def _mix(gains: list[Array], weights: Sequence[float]) -> Array:
    import numpy

    shares = numpy.log(numpy.array(weights, dtype=float) / sum(weights))
    return numpy.logaddexp.reduce(numpy.cumsum(numpy.array(gains, dtype=float), axis=1) + shares[:, None], axis=0)
