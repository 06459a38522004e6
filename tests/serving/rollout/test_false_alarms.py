"""How often healthy canaries are rolled back and how soon bad ones are, simulated with fixed seeds; `benchmarks/rollout.py` has the whole table."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.rollout import simulate
from jupyter_mlops.serving.rollout import eprocess


@pytest.mark.parametrize("per_second", [10, 100, 1000])
def test_a_healthy_canary_is_rolled_back_in_at_most_one_hour_of_a_hundred(per_second):
    assert simulate(per_second, 1.0, 300)["ours"].rolled_back <= 0.01


def test_a_doubled_error_rate_is_caught_within_five_minutes_at_a_hundred_requests_a_second():
    ours = simulate(100, 2.0, 200)["ours"]
    assert ours.median_minutes <= 5
    assert ours.rolled_back == 1


def test_the_count_rule_rolls_healthy_canaries_back():
    assert simulate(100, 1.0, 100)["count rule"].rolled_back > 0.9


def test_evidence_is_at_most_one_on_average_at_the_end_and_when_stopped_early():
    """That is what makes looking at any time harmless; the mean of 4,000 runs of each process under its hypothesis."""
    random = np.random.default_rng(0)
    ends = {"ratio": [], "rate": [], "difference": []}
    for _ in range(4000):
        n, m = np.full(20, 30.0), np.full(20, 90.0)
        a, b = random.binomial(30, 0.05, 20), random.binomial(90, 0.05, 20)
        paths = {
            "ratio": eprocess.rate_ratio(a, n, b, m, limit=1.0, ratios=eprocess.WORSE),
            "rate": eprocess.rate(a, n, limit=0.05, ratios=eprocess.WORSE),
            "difference": eprocess.difference(a / n, n, b / m, m, limit=0.0),
        }
        for name, path in paths.items():
            over = np.flatnonzero(path > math.log(3))
            ends[name].append(math.exp(path[over[0] if len(over) else -1]))  # stopped as soon as it looks bad
    for name, values in ends.items():
        error = np.std(values) / math.sqrt(len(values))
        assert np.mean(values) <= 1 + 3 * error, name


def test_a_stable_version_without_errors_needs_no_special_case():
    bad = np.array([1.0, 1.0, 1.0, 1.0])
    path = eprocess.rate_ratio(bad, np.full(4, 100.0), np.zeros(4), np.full(4, 900.0), limit=1.0, ratios=eprocess.WORSE)
    assert math.exp(path[-1]) > 50
    assert (np.diff(path) > 0).all()


def test_the_ratio_matches_the_formula_written_out():
    """One block, one alternative: (q₂/q₁)² · ((1−q₂)/(1−q₁))³ with q(r) = r·10/(r·10 + 90)."""
    path = eprocess.rate_ratio(np.array([2.0]), np.array([10.0]), np.array([3.0]), np.array([90.0]), limit=1.0, ratios=[2.0])
    second, first = 20 / 110, 10 / 100
    assert path[0] == pytest.approx(2 * math.log(second / first) + 3 * math.log((1 - second) / (1 - first)), abs=1e-12)


def test_moved_bins_are_learnt_from_earlier_blocks_alone():
    counts = np.array([[10.0, 0.0], [0.0, 10.0]])
    stable = np.array([[5.0, 5.0], [5.0, 5.0]])
    ours, theirs = eprocess.moved_bins(counts, stable)
    assert ours.tolist() == [0.0, 0.0]
    assert theirs.tolist() == [0.0, 0.5]
