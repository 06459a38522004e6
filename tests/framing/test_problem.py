"""A problem card is checked, is the default of verbs, and is drawn."""

import pytest

import jupyter_mlops as ml
from jupyter_mlops import framing


@pytest.fixture(autouse=True)
def _without_a_card():
    framing.forget()
    yield
    framing.forget()


def churn(**more):
    return ml.problem("churn", metric="roc_auc", target="left", **more)


def test_the_last_card_is_the_current_one():
    assert framing.current() is None
    first = churn()
    assert framing.current() is first
    assert framing.current() is not churn()


def test_a_refused_card_changes_nothing():
    first = churn()
    with pytest.raises(ValueError, match="confidence"):
        churn(confidence=2)
    assert framing.current() is first


@pytest.mark.parametrize("metric", ["roc_auc", "ROC AUC", "f1", "neg_log_loss", "ndcg@10", "val_accuracy", "r2"])
def test_more_of_it_is_better(metric):
    assert framing.direction(metric) is True


@pytest.mark.parametrize("metric", ["log_loss", "val_loss", "rmse", "MAE", "mean_squared_error", "brier-score", "my_own_error"])
def test_less_of_it_is_better(metric):
    assert framing.direction(metric) is False


def test_an_unknown_metric_needs_its_direction():
    with pytest.raises(
        ValueError, match=r"^the direction of the metric `churned_euros` is not known; say `higher_is_better=True` or `False`$"
    ):
        ml.problem("churn", metric="churned_euros")
    assert ml.problem("churn", metric="churned_euros", higher_is_better=False).higher_is_better is False


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"threshold": 1}, TypeError, "^a problem has no `threshold`; it has `baseline`, "),
        ({"good_enough": "0.8"}, TypeError, "^`good_enough` is a number, not `'0.8'`$"),
        ({"good_enough": float("nan")}, ValueError, "^`good_enough=nan` is not between -inf and inf$"),
        ({"margin": -0.1}, ValueError, "^`margin=-0.1` is not between 0 and inf$"),
        ({"confidence": 1}, ValueError, "^`confidence=1` is not between 0.5 and 1$"),
        (
            {"baseline": 0.9, "good_enough": 0.8},
            ValueError,
            "^`good_enough=0.8` is worse than `baseline=0.9`: of `roc_auc`, higher is better$",
        ),
        ({"latency_p50_milliseconds": 9, "latency_p99_milliseconds": 5}, ValueError, "is above `latency_p99_milliseconds=5`$"),
        ({"slices": [1]}, TypeError, "^`slices` takes names of columns, not `1`$"),
        ({"usage": 3}, TypeError, "^`usage` is a text, not `3`$"),
        ({"baseline": True}, TypeError, "^`baseline` is a number or a name"),
    ],
)
def test_what_cannot_be_meant_is_refused(more, error, message):
    with pytest.raises(error, match=message):
        churn(**more)


def test_one_column_is_a_list_of_one():
    assert churn(slices="country", fairness_groups=["sex", "sex"]).view()["slices"] == ["country"]
    assert framing.current().fairness_groups == ("sex",)


def test_the_card_as_text():
    card = churn(baseline=0.5, good_enough=0.8, margin=0.005, latency_p99_milliseconds=80, max_model_bytes=5 * 2**20, slices=["country"])
    assert card.text().splitlines() == [
        "churn: roc_auc, higher is better; good enough from 0.8; baseline 0.5; differences up to 0.005 do not matter; 0.95 confidence",
        "Data",
        "  target: left",
        "Budget",
        "  latency p99: 80 ms",
        "  model size: 5 MiB",
        "Who must not lose",
        "  slices: country",
    ]


def test_what_people_write_is_shown_as_text():
    page = ml.problem("<b>", metric="accuracy", usage="<script>", slices=["<i>"], baseline=0.1, good_enough=0.2).html()
    assert "<b>" not in page
    assert "<script>" not in page
    assert "<i>" not in page
    assert len(page) < 100_000
