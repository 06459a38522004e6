"""How often a gate is wrong, by simulation and by enumeration."""

import itertools

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

import jupyter_mlops as ml
from jupyter_mlops.evaluation.fairness import estimate as fairness
from jupyter_mlops.evaluation.metrics import METRICS, estimate
from jupyter_mlops.evaluation.predictions import Answers, Truth
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


SIGNALS = {  # slope of the log-odds, their offset, the noise of each model's scores
    "strong": (4.0, 0.0, (0.5, 0.3)),
    "rare": (3.0, -3.5, (0.6, 0.3)),
    "weak": (0.5, 0.0, (0.4, 0.1)),
    "unequal": (2.0, 0.0, (3.0, 0.3)),
}


def draw(rng, n, signal):
    """Labels, and the scores of two models."""
    slope, offset, noises = SIGNALS[signal]
    odds = slope * rng.normal(size=n) + offset
    y = rng.random(n) < 1 / (1 + np.exp(-odds))
    return y, *(1 / (1 + np.exp(-odds - rng.normal(size=n) * noise)) for noise in noises)


def estimated(metric, sample, seed, *, paired=True):
    y, *scores = sample
    truth = Truth(classes=(0, 1), codes=y.astype(np.int64), values=np.empty(0), positive=1)
    sides = [Answers(name="", codes=(each >= 0.5).astype(np.int64), scores=each) for each in scores]
    return estimate(METRICS[metric], truth, sides[0], sides[1] if paired else None, confidence=0.95, seed=seed)


def missed(metric, n, signal, rounds, *, paired=True):
    """The shares of intervals whose lower and upper end missed the truth, which samples of two million rows give."""
    right = np.mean([estimated(metric, draw(np.random.default_rng(at), 500_000, signal), None, paired=paired).value for at in range(4)])
    rng = np.random.default_rng(7)
    found = [estimated(metric, draw(rng, n, signal), 0, paired=paired) for _ in range(rounds)]
    known = [each for each in found if each.defined]
    assert len(known) > rounds / 2
    return sum(each.low > right for each in known) / len(known), sum(each.high < right for each in known) / len(known)


def allowed(rounds):
    """The share of misses that a true rate of one in twenty exceeds in one test of a thousand (3.1 standard errors)."""
    return 0.05 + 3.1 * (0.05 * 0.95 / rounds) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["roc_auc", "accuracy", "log_loss", "brier", "f1", "ece"])
def test_each_end_of_an_interval_misses_at_most_one_time_in_twenty(metric):
    assert max(missed(metric, 200, "rare", 400)) <= allowed(400)


@pytest.mark.campaign
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize(("metric", "rounds"), [("roc_auc", 5000), ("accuracy", 5000), ("log_loss", 3000), ("brier", 3000), ("f1", 2000)])
@pytest.mark.parametrize("n", [200, 400])
def test_no_signal_makes_an_end_miss_more_often(metric, n, signal, rounds):
    assert max(missed(metric, n, signal, rounds)) <= allowed(rounds)


@pytest.mark.campaign
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("paired", [True, False])
def test_a_calibration_error_is_not_claimed_that_noise_made(signal, paired):
    for n in (200, 2000):
        assert max(missed("ece", n, signal, 400, paired=paired)) <= allowed(400)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["demographic_parity_difference", "equalized_odds_difference"])
@pytest.mark.parametrize("shift", [0.0, 2.0])
def test_a_difference_between_groups_is_not_claimed_that_noise_made(name, shift):
    rng = np.random.default_rng(3)

    def found(n, seed):
        groups, x = rng.integers(0, 3, n), rng.normal(size=n)
        y = rng.random(n) < 1 / (1 + np.exp(-2 * x))
        said = (2 * x + rng.normal(size=n) * 0.7 + shift * (groups == 2) > 0).astype(np.int64)
        truth = Truth(classes=(0, 1), codes=y.astype(np.int64), values=np.empty(0), positive=1)
        return fairness(name, truth, Answers(name="", codes=said), groups, confidence=0.95, seed=seed)[0]

    right = found(2_000_000, None).value if shift else 0.0
    ends = [(each.low, each.high) for each in (found(300, 0) for _ in range(400))]
    assert np.mean([low > right for low, _ in ends]) <= allowed(400)
    assert np.mean([high < right for _, high in ends]) <= allowed(400)


NOISE = {"roc_auc": 0.32, "accuracy": 0.3, "f1": 0.3, "brier": 0.365, "ece": 0.376, "log_loss": 0.25}
"""Metric → what is added to the challenger's scores, so that it is truly about one point worse; log-loss by 3 %."""


def a_point_worse(rng, n, metric):
    """Labels and the scores of two models, of which the first is worse."""
    y = rng.random(n) < 0.5
    common = rng.normal(size=n) * 0.9 + y * 2.0
    mine, other = (common + rng.normal(size=n) * noise for noise in ((0.16 + NOISE[metric] ** 2) ** 0.5, 0.4))
    return y, *(1 / (1 + np.exp(-2 * (each - 1))) for each in (mine, other))


@pytest.mark.campaign
@pytest.mark.parametrize("n", [200, 400, 2000])
@pytest.mark.parametrize("metric", NOISE)
def test_a_gate_promotes_a_challenger_at_the_edge_of_its_margin_one_time_in_twenty_at_most(metric, n):
    """Through `ml.gate`, in the worst case: the margin is all of the true loss. A smaller margin promotes it less often."""
    samples = [a_point_worse(np.random.default_rng(at), 500_000, metric) for at in range(4)]
    loss = abs(np.mean([estimated(metric, each, None).value for each in samples]))
    margin = loss
    if metric == "log_loss":
        margin = f"{100 * loss / np.mean([estimated(metric, (y, other, mine), None, paired=False).value for y, mine, other in samples])}%"
    else:
        assert loss == pytest.approx(0.01, abs=0.001)
    rng, rounds = np.random.default_rng(n), 400
    rule = [{"metric": metric, "rule": "non_inferior", "margin": margin}]
    passed = 0
    for _ in range(rounds):
        y, mine, other = a_point_worse(rng, n, metric)
        passed += ml.gate(mine, {"y": y.astype(int)}, target="y", champion=other, rules=rule).passed
    print(f"{metric}, {n} rows, margin {margin}: promoted {passed} of {rounds}")
    assert passed / rounds <= allowed(rounds)
