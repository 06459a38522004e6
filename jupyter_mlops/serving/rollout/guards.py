"""Blocks of both versions → what each guard says: harm, good, or not known yet, with the evidence for and against.

Where the stable version answers too, it is the control. Where the candidate answers everything, the control is what the stable version did
before; that is weaker (days differ), so there only what is beyond the tolerance counts as harm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.serving.rollout import eprocess
from jupyter_mlops.serving.rollout.blocks import Blocks, bin_milliseconds, quantile_bin
from jupyter_mlops.serving.rollout.events import Finding
from jupyter_mlops.serving.rollout.intervals import rate_limits, wilson

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.spec import Guards

Array = Any
BOUND_SHARE = 0.1
"""The part of alpha that goes into bounds of what is remembered of the stable version."""
ENOUGH_FOR_QUANTILE = 200
TWICE = 8
"""Latency bins in a factor of two."""


class Arms(NamedTuple):
    """What is compared: the candidate's blocks, the stable version's of the same time, and the sum of what it did before."""

    candidate: Blocks
    stable: Blocks
    reference: Blocks
    concurrent: bool


class Guard(NamedTuple):
    """What one signal says. `against` and `favour` are log evidence after each block; `rates` are (candidate, low, high, stable, low, high)."""

    signal: str
    finding: Finding
    against: Array
    bar: float
    favour: Array | None
    favour_bar: float
    rates: tuple[float, ...]
    words: str


def errors(arms: Arms, limits: Guards, alpha: float) -> Guard:
    """Compare how often both versions fail."""
    ours, theirs = arms.candidate, arms.stable
    tolerated = (limits.errors_tolerated, limits.errors_tolerated)
    counts = (ours.errors, ours.requests, theirs.errors, theirs.requests)
    return _rates("errors", arms, counts, float(arms.reference.errors[0]), tolerated, limits.errors_worse_by, alpha, limits, "failed")


def latency(arms: Arms, limits: Guards, alpha: float) -> Guard:
    """Compare how often both versions are slower than the limit, or than the stable version's 99th percentile as it was before the window."""
    first = quantile_bin(arms.reference.latency[0], 0.99) if arms.reference.requests[0] >= ENOUGH_FOR_QUANTILE else None
    skip = 0
    if limits.latency_at_most_milliseconds is not None:
        slow_bin = math.floor(8 * math.log2(max(limits.latency_at_most_milliseconds * 1000, 1)))
    elif first is not None:
        slow_bin = first if arms.concurrent else first + TWICE
    else:
        slow_bin, skip = _learn_quantile(arms.stable)
    ours, theirs = (_slow(blocks, slow_bin, skip) for blocks in (arms.candidate, arms.stable))
    words = f"slower than {bin_milliseconds(slow_bin):.3g} ms"
    known = float(arms.reference.latency[0, slow_bin + 1 :].sum())
    if limits.latency_at_most_milliseconds is not None:
        return _absolute("latency_p99", ours, 0.01, limits.latency_worse_by, alpha, limits, words)
    tolerated = (0.01, 0.01 * limits.latency_worse_by)
    return _rates("latency_p99", arms, (*ours, *theirs), known, tolerated, limits.latency_worse_by, alpha, limits, words)


def predictions(arms: Arms, limits: Guards, alpha: float) -> Guard | None:
    """Compare the distributions of both versions' predictions; None if there is nothing to compare."""
    import numpy

    effect = limits.prediction_effect
    ours, theirs = arms.candidate.predictions, arms.stable.predictions
    if effect is None or not ours.sum() or not (theirs.sum() if arms.concurrent else arms.reference.predictions.sum()):
        return None
    count, stable_count, limit = ours.sum(axis=1), theirs.sum(axis=1), effect
    if not arms.concurrent:
        size = arms.reference.predictions.sum()
        # All 2ᵇ sets of bins at once: Hoeffding and a union bound.
        limit += math.sqrt((ours.shape[1] * math.log(2) - math.log(alpha * BOUND_SHARE)) / (2 * size))
        theirs, stable_count = numpy.repeat(arms.reference.predictions, len(ours), axis=0), numpy.full(len(ours), numpy.inf)
    mean, stable_mean = eprocess.moved_bins(ours, theirs)
    learnt = (numpy.cumsum(count) - count > 0) & (numpy.cumsum(theirs.sum(axis=1)) - theirs.sum(axis=1) > 0)
    count = numpy.where(learnt, count, 0)
    against = eprocess.difference(mean, count, stable_mean, stable_count, limit=limit)
    bar = _bar(alpha, arms)
    both = (count > 0) & (stable_count > 0)
    weight = float(numpy.sum(1 / (1 / count[both] + 1 / stable_count[both])))
    distance = 0.5 * float(numpy.abs(ours.sum(axis=0) / ours.sum() - theirs.sum(axis=0) / theirs.sum()).sum())
    seen = 2 * weight * effect**2 >= bar  # a move of twice the effect would have been seen by now
    good = seen and against[-1] <= 0
    words = f"predictions moved by {distance:.2f} (total variation; {effect:g} does not matter)"
    return Guard("predictions", _finding(against, bar, good=bool(good)), against, bar, None, 0.0, (distance,), words)


def metric(arms: Arms, limits: Guards, alpha: float) -> Guard | None:
    """Compare the scores of answers whose truth arrived; None without labels."""
    import numpy

    ours, theirs = arms.candidate, arms.stable if arms.concurrent else arms.reference
    if not ours.labels.sum() or not theirs.labels.sum():
        if not limits.labels_required:
            return None
        nothing = numpy.zeros(len(ours.labels))
        bar = -math.log(alpha)
        return Guard("metric", Finding.UNCLEAR, nothing, bar, nothing, -math.log(limits.promote_alpha), (), "no labels arrived")
    margin = limits.metric_margin
    mean, stable_mean = (blocks.label_score / numpy.maximum(blocks.labels, 1) for blocks in (ours, theirs))
    stable_labels, slack = theirs.labels, 0.0
    if not arms.concurrent:
        slack = math.sqrt(-math.log(alpha * BOUND_SHARE) / (2 * float(theirs.labels[0])))
        stable_mean, stable_labels = numpy.full(len(mean), stable_mean[0]), numpy.full(len(mean), numpy.inf)
    against = eprocess.difference(-mean, ours.labels, -stable_mean, stable_labels, limit=margin + slack)
    favour = eprocess.difference(mean, ours.labels, stable_mean, stable_labels, limit=slack - margin)
    bar, favour_bar = _bar(alpha, arms), -math.log(limits.promote_alpha)
    rates = tuple(float(blocks.label_score.sum() / blocks.labels.sum()) for blocks in (ours, theirs))
    good = favour[-1] >= favour_bar or not limits.labels_required
    words = f"scores {rates[0]:.3f} against {rates[1]:.3f} on {ours.labels.sum():,.0f} labels"
    return Guard("metric", _finding(against, bar, good=bool(good)), against, bar, favour, favour_bar, rates, words)


def agreement(arms: Arms, limits: Guards, alpha: float) -> Guard | None:
    """Look how often both versions give the same answer in shadow; None where nobody asked for it or nothing was compared."""
    if limits.agreement_at_least is None or not arms.candidate.compared.sum():
        return None
    counts = (arms.candidate.compared - arms.candidate.agreed, arms.candidate.compared)
    return _absolute("agreement", counts, max(1 - limits.agreement_at_least, 1e-4), 1.5, alpha, limits, "answered otherwise")


def _rates(
    signal: str, arms: Arms, counts: tuple[Array, Array, Array, Array], known: float, tolerated: tuple[float, float],
    worse_by: float, alpha: float, limits: Guards, words: str,
) -> Guard:  # fmt: skip
    """Harm needs both: worse than the stable version, and worse than what is tolerated. Good is one: not `worse_by` worse, or tolerated."""
    import numpy

    ours, theirs = counts[:2], counts[2:]
    bearable, fine = tolerated
    absolute = eprocess.rate(*ours, limit=fine, ratios=eprocess.BETTER)
    if arms.concurrent:
        relative = eprocess.rate_ratio(*counts, limit=1.0, ratios=eprocess.WORSE)
        against = numpy.minimum(relative, eprocess.rate(*ours, limit=bearable, ratios=eprocess.WORSE))
        close = eprocess.rate_ratio(*counts, limit=worse_by, ratios=eprocess.BETTER)
        stable_events, stable_requests = theirs[0].sum(), theirs[1].sum()
    else:
        stable_events, stable_requests = known, arms.reference.requests[0]
        low, high = rate_limits(known, float(stable_requests), alpha * BOUND_SHARE)
        against = eprocess.rate(*ours, limit=min(max(high * worse_by, bearable), 0.99), ratios=eprocess.WORSE)
        close = eprocess.rate(*ours, limit=min(max(low * worse_by, fine), 0.99), ratios=eprocess.BETTER)
    favour = numpy.logaddexp(absolute, close) - math.log(2)
    rates = (*wilson(ours[0].sum(), ours[1].sum()), *wilson(stable_events, stable_requests))
    bar, favour_bar = _bar(alpha, arms), -math.log(limits.promote_alpha)
    finding = _finding(against, bar, good=bool(favour[-1] >= favour_bar))
    text = f"{rates[0]:.2%} {words}; of the stable version's requests {rates[3]:.2%}"
    return Guard(signal, finding, against, bar, favour, favour_bar, rates, text)


def _absolute(
    signal: str, counts: tuple[Array, Array], limit: float, worse_by: float, alpha: float, limits: Guards, words: str
) -> Guard:  # fmt: skip
    against = eprocess.rate(*counts, limit=limit, ratios=eprocess.WORSE)
    favour = eprocess.rate(*counts, limit=min(limit * worse_by, 0.99), ratios=eprocess.BETTER)
    bar, favour_bar = -math.log(alpha), -math.log(limits.promote_alpha)
    rates = wilson(counts[0].sum(), counts[1].sum())
    text = f"{rates[0]:.2%} {words}; {limit:.2%} may be"
    return Guard(signal, _finding(against, bar, good=bool(favour[-1] >= favour_bar)), against, bar, favour, favour_bar, rates, text)


def _learn_quantile(stable: Blocks) -> tuple[int, int]:
    """Take the 99th percentile of the first blocks with enough requests, and leave these blocks out of the test."""
    import numpy

    running = numpy.cumsum(stable.requests)
    skip = min(int(numpy.searchsorted(running, ENOUGH_FOR_QUANTILE)) + 1, len(running))
    return quantile_bin(stable.latency[:skip].sum(axis=0), 0.99), skip


def _slow(blocks: Blocks, slow_bin: int, skip: int) -> tuple[Array, Array]:
    import numpy

    counted = numpy.arange(len(blocks.requests)) >= skip
    return blocks.latency[:, slow_bin + 1 :].sum(axis=1) * counted, blocks.latency.sum(axis=1) * counted


def _bar(alpha: float, arms: Arms) -> float:
    return -math.log(alpha if arms.concurrent else alpha * (1 - BOUND_SHARE))


def _finding(against: Array, bar: float, *, good: bool) -> Finding:
    if len(against) and against.max() >= bar:  # once is enough, however it went on: that is what Ville's inequality bounds
        return Finding.HARM
    return Finding.GOOD if good else Finding.UNCLEAR
