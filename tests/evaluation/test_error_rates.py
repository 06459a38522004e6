"""How often a gate is wrong, by simulation and by enumeration."""

import itertools

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

from jupyter_mlops.evaluation.metrics import METRICS, estimate
from jupyter_mlops.evaluation.predictions import answers_of, truth_of
from jupyter_mlops.evaluation.proportions import paired_difference


def promoted(n, disagreement, margin, worse=0.01):
    """The exact probability that a challenger truly `worse` is shown to be non-inferior: the sum over all tables."""
    wins, losses = (disagreement - worse) / 2, (disagreement + worse) / 2
    most = int(n * disagreement + 8 * (n * disagreement) ** 0.5 + 10)
    total = 0.0
    for b, c in itertools.product(range(most), range(most)):
        if b + c > n or b - c < -n * margin:  # the lower end is below the estimate
            continue
        rest = n - b - c
        log = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(rest + 1)
        chance = np.exp(log + xlogy(b, wins) + xlogy(c, losses) + xlogy(rest, 1 - disagreement))
        if chance > 1e-9 and paired_difference(b, c, n, 0.95).low >= -margin:
            total += chance
    return total


@pytest.mark.parametrize("disagreement", [0.01, 0.02])
def test_a_challenger_one_point_worse_is_promoted_at_most_one_time_in_twenty(disagreement):
    """At the edge, where the margin is the whole point; half a point of margin leaves less."""
    assert promoted(200, disagreement, 0.01) <= 0.05
    assert promoted(200, disagreement, 0.005) <= 0.02


@pytest.mark.campaign
@pytest.mark.parametrize("n", [200, 250, 300, 500, 1000])
@pytest.mark.parametrize("disagreement", [0.01, 0.015, 0.02, 0.03, 0.06, 0.1])
def test_no_size_of_sample_promotes_it_more_often(n, disagreement):
    assert promoted(n, disagreement, 0.01) <= 0.05


def draw(rng, n, shift):
    """Scores of two models of one signal, the second with more noise."""
    signal = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * signal))).astype(int)
    return y, *(1 / (1 + np.exp(-2 * signal + rng.normal(size=n) * noise)) for noise in (0.5, 0.5 + shift))


def missed(metric, n, shift, rounds, *, paired=True):
    """The shares of intervals whose lower and upper end missed the truth, which a sample of a million gives."""
    rng = np.random.default_rng(7)

    def found(rows, **settings):
        y, mine, other = draw(rng, rows, shift)
        truth = truth_of(y, classification=True, positive=None, known=(0, 1))
        sides = [answers_of(name, scores, None, truth) for name, scores in (("challenger", mine), ("champion", other))]
        return estimate(METRICS[metric], truth, sides[0], sides[1] if paired else None, confidence=0.95, **settings)

    right = found(1_000_000, seed=None).value
    ends = [(each.low, each.high) for each in (found(n, seed=0) for _ in range(rounds))]
    return sum(low > right for low, _ in ends) / rounds, sum(high < right for _, high in ends) / rounds


@pytest.mark.campaign
@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "log_loss", "brier", "f1"])
def test_each_end_of_an_interval_misses_about_one_time_in_twenty(metric):
    """300 rounds: 0.05 ± 0.013; the bound is four standard errors away."""
    low, high = missed(metric, 400, 0.4, 300)
    assert max(low, high) <= 0.1


@pytest.mark.campaign
@pytest.mark.parametrize("n", [200, 2000])
@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "log_loss", "brier", "f1", "ece", "balanced_accuracy"])
def test_each_end_misses_seldom_enough(metric, n):
    """3,000 rounds: 0.05 ± 0.004."""
    low, high = missed(metric, n, 0.4, 3000, paired=metric != "ece")
    assert max(low, high) <= 0.066
