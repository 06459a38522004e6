"""Training-serving skew as a rule of the gate: the same rows through the notebook's model and through what serves."""

import numpy as np
import pytest

import jupyter_mlops as ml
from jupyter_mlops.report import Verdict

RULES = [{"metric": "accuracy", "rule": "at_least", "value": 0.5}]


def skew_of(challenger, table, /, **wanted):
    report = ml.gate(challenger, table, target="y", rules=RULES, skew=wanted)
    (row,) = [each for each in report.rows if each.metric == "training-serving skew"]
    return report, row


def model(features):
    return 1 / (1 + np.exp(-2 * np.asarray(features["x"])))


def test_a_served_model_that_answers_alike_passes(churn):
    report, row = skew_of(model, churn[0], served=lambda features: model(features) + 1e-9, rows=500, max_abs_diff=1e-6)
    assert (report.verdict, row.verdict, row.estimate.n) == (Verdict.PASS, Verdict.PASS, 500)
    assert row.estimate.value == pytest.approx(1e-9, rel=1e-3)


def test_another_scaling_in_the_served_model_fails(churn):
    report, row = skew_of(model, churn[0], served=lambda features: model({"x": features["x"] * 1.01}))
    assert (report.verdict, row.verdict) == (Verdict.FAIL, Verdict.FAIL)
    assert "training-serving skew" in str(report).splitlines()[0]
    assert "of 5,000 rows are not the same" in row.note


def test_predictions_may_be_given_instead_of_callables(churn):
    rows, good, worse = churn
    assert skew_of(good, rows, served=good.copy(), rows=100)[1].verdict is Verdict.PASS
    assert skew_of(good, rows, notebook=worse, served=good)[1].verdict is Verdict.FAIL


def test_a_nan_or_another_shape_is_the_largest_skew(churn):
    rows, good, _ = churn
    broken = good.copy()
    broken[3] = np.nan
    for served in (broken, np.column_stack([good, good, good])):
        report, row = skew_of(good, rows, served=served)
        assert row.verdict is Verdict.FAIL
        assert len(report.html().encode()) < 100_000


def test_labels_are_compared_as_they_are(churn):
    rows, _, _ = churn
    labels = np.where(rows["x"] > 0, "yes", "no")
    table = {**rows, "y": np.where(rows["y"] == 1, "yes", "no")}
    assert skew_of(labels, table, served=labels.astype(bytes))[1].verdict is Verdict.PASS
    assert skew_of(labels, table, served=labels[::-1])[1].verdict is Verdict.FAIL


@pytest.mark.parametrize("served", [None, np.zeros(3), "no_such_folder"])
def test_what_cannot_be_asked_is_no_pass(churn, served):
    report, row = skew_of(churn[1], churn[0], served=served)
    assert (report.verdict, row.verdict) == (Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE)
    assert row.note


def test_an_endpoint_that_raises_is_no_pass(churn):
    def served(features):
        raise ConnectionError("connection refused")

    assert "the served model raised `ConnectionError`" in skew_of(churn[1], churn[0], served=served)[1].note


@pytest.mark.parametrize(("wanted", "words"), [({"tolerance": 1}, "`skew` has no `tolerance`"), ({"max_abs_diff": -1}, "not negative")])
def test_an_unknown_setting_is_named(churn, wanted, words):
    with pytest.raises(ValueError, match=words):
        skew_of(churn[1], churn[0], **wanted)
