"""The intervals and tests equal their references."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_mlops.evaluation import delong, mcnemar
from jupyter_mlops.evaluation.decision import adjust
from jupyter_mlops.evaluation.fairness import estimate as fairness
from jupyter_mlops.evaluation.metrics import METRICS, point
from jupyter_mlops.evaluation.packaged import quantile
from jupyter_mlops.evaluation.predictions import answers_of, truth_of
from jupyter_mlops.evaluation.proportions import paired_difference, share


@given(wins=st.integers(0, 400), losses=st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_mcnemar_is_scipys_binomial_test(wins, losses):
    from scipy.stats import binomtest

    expected = binomtest(wins, wins + losses, 0.5).pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def reference_delong(y, a, b):
    """DeLong's covariance by its definition: all pairs."""
    placed = []
    for scores in (a, b):
        high, low = scores[y == 1], scores[y == 0]
        wins = (high[:, None] > low).astype(float) + 0.5 * (high[:, None] == low)
        placed.append((wins.mean(axis=1), wins.mean(axis=0)))
    (a10, a01), (b10, b01) = placed
    s10, s01 = np.cov([a10, b10]), np.cov([a01, b01])
    total = s10 / len(a10) + s01 / len(a01)
    return a10.mean() - b10.mean(), total[0, 0] + total[1, 1] - 2 * total[0, 1]


@pytest.mark.parametrize("ties", [False, True])
def test_delong_is_its_definition(ties):
    rng = np.random.default_rng(3)
    y = rng.random(400) < 0.3
    a, b = rng.normal(size=400) + y, rng.normal(size=400) + 0.7 * y
    if ties:
        a, b = a.round(1), b.round()
    found, p = delong(y, a, b)
    value, variance = reference_delong(y.astype(int), a, b)
    assert found.value == pytest.approx(value, abs=1e-13)
    from scipy.stats import norm, t

    widths = [each.ppf(0.95) * variance**0.5 for each in (norm, t(30))]  # the degrees of freedom: more than 30 here, and not without end
    assert widths[0] < found.high - found.value < widths[1]

    assert p == pytest.approx(2 * norm.sf(abs(value) / variance**0.5), rel=1e-9)


@pytest.mark.parametrize("hits", [0, 1, 37, 199, 200])
def test_the_interval_of_a_share_is_clopper_and_pearsons(hits):
    from scipy.stats import binomtest

    found = share(hits, 200, 0.95)
    expected = binomtest(hits, 200).proportion_ci(0.9, method="exact")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_no_disagreement_is_no_certainty():
    """A bootstrap of 200 rows on which both models agree has length 0."""
    found = paired_difference(0, 0, 200, 0.95)
    assert found.low < -0.01 < 0.01 < found.high


@pytest.mark.parametrize("correction", ["fdr", "holm"])
def test_corrections_are_known_ones(correction):
    p = np.asarray([0.01, 0.04, 0.03, 0.005, 0.5])
    if correction == "fdr":
        from scipy.stats import false_discovery_control

        expected = false_discovery_control(p)
    else:
        expected = [0.04, 0.09, 0.09, 0.025, 0.5]
    assert adjust(p, correction) == pytest.approx(expected)


def two_classes(seed=5, n=4000):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    scores = np.clip(0.3 * y + rng.random(n) * 0.7, 0, 1).round(3)
    truth = truth_of(y, classification=True, positive=None)
    return y, scores, truth, answers_of("challenger", scores, None, truth), rng


def test_metrics_are_scikit_learns():
    import sklearn.metrics as m

    y, scores, truth, answers, _ = two_classes()
    label = (scores >= 0.5).astype(int)
    expected = {
        "accuracy": m.accuracy_score(y, label),
        "precision": m.precision_score(y, label),
        "recall": m.recall_score(y, label),
        "f1": m.f1_score(y, label),
        "f1_macro": m.f1_score(y, label, average="macro"),
        "balanced_accuracy": m.balanced_accuracy_score(y, label),
        "mcc": m.matthews_corrcoef(y, label),
        "roc_auc": m.roc_auc_score(y, scores),
        "average_precision": m.average_precision_score(y, scores),
        "log_loss": m.log_loss(y, scores),
        "brier": m.brier_score_loss(y, scores),
    }
    assert {name: point(METRICS[name], truth, answers) for name in expected} == pytest.approx(expected, abs=1e-12)


def test_regression_metrics_are_scikit_learns():
    import sklearn.metrics as m

    rng = np.random.default_rng(2)
    y = rng.normal(100, 5, 3000)
    said = y + rng.normal(size=3000)
    truth = truth_of(y, classification=False, positive=None)
    answers = answers_of("challenger", said, None, truth)
    expected = {
        "mae": m.mean_absolute_error(y, said),
        "mse": m.mean_squared_error(y, said),
        "rmse": m.root_mean_squared_error(y, said),
        "mape": m.mean_absolute_percentage_error(y, said),
        "r2": m.r2_score(y, said),
    }
    assert {name: point(METRICS[name], truth, answers) for name in expected} == pytest.approx(expected, abs=1e-10)


def test_fairness_is_fairlearns():
    from fairlearn.metrics import demographic_parity_difference, equalized_odds_difference

    y, scores, truth, answers, rng = two_classes()
    groups = rng.choice(["a", "b", "c", "d", "e"], len(y))
    label = (scores >= 0.5).astype(int)
    for name, reference in (
        ("demographic_parity_difference", demographic_parity_difference),
        ("equalized_odds_difference", equalized_odds_difference),
    ):
        found, rates = fairness(name, truth, answers, groups, confidence=0.95, seed=0)
        assert found.value == pytest.approx(reference(y, label, sensitive_features=groups), abs=1e-12)
        assert found.low <= found.value <= found.high
        assert [each["group"] for each in rates] == ["a", "b", "c", "d", "e"]


def test_a_small_group_is_listed_and_left_out():
    from fairlearn.metrics import demographic_parity_difference

    y, scores, truth, answers, rng = two_classes()
    groups = rng.choice(["a", "b"], len(y)).astype(object)
    groups[:5] = "rare"
    found, rates = fairness("demographic_parity_difference", truth, answers, groups, confidence=0.95, seed=0)
    assert found.value == pytest.approx(demographic_parity_difference(y[5:], scores[5:] >= 0.5, sensitive_features=groups[5:]), abs=1e-12)
    assert [(each["group"], each["judged"]) for each in rates] == [("a", True), ("b", True), ("rare", False)]


@pytest.mark.parametrize(("n", "bounded"), [(298, False), (299, True)])
def test_a_p99_has_an_upper_bound_from_299_requests_on(n, bounded):
    found = quantile(np.arange(n, dtype=float), 0.99, 0.95)
    assert np.isfinite(found.high) == bounded
