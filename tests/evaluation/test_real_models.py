"""Models and tables as people have them: a champion in MLflow's registry, Keras, Polars, and columns that changed."""

import numpy as np
import pytest

import jupyter_mlops as ml
from jupyter_mlops.report import Verdict

AUC = [{"metric": "roc_auc", "rule": "non_inferior", "against": "champion", "margin": 0.02}]


@pytest.fixture
def frame(churn):
    import pandas as pd

    rows, _, _ = churn
    noise = np.random.default_rng(3).normal(size=5000)
    return pd.DataFrame({"x": rows["x"], "noise": noise, "country": rows["country"], "y": rows["y"]})


def fitted(frame, columns, **settings):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(**settings).fit(frame[columns].iloc[:1000], frame["y"].iloc[:1000])


def only_check(report, name):
    (found,) = [check.found for check in report.checks if check.name == name]
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")  # MLflow's and SQLAlchemy's own
def test_the_champion_is_the_one_that_mlflow_serves(frame, own_home, monkeypatch):
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{own_home / 'registry.db'}")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", f"sqlite:///{own_home / 'registry.db'}")  # MLflow sets it itself, and leaves it set
    import mlflow

    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    mlflow.set_tracking_uri(f"sqlite:///{own_home / 'registry.db'}")
    mlflow.set_registry_uri(f"sqlite:///{own_home / 'registry.db'}")
    try:
        experiment = mlflow.create_experiment("churn", artifact_location=(own_home / "artifacts").as_uri())
        with mlflow.start_run(experiment_id=experiment):
            for columns in (["noise"], ["x"]):  # the second version is the champion
                mlflow.sklearn.log_model(
                    fitted(frame, columns),
                    name="model",
                    registered_model_name="churn",
                    serialization_format="skops",
                    pip_requirements=["scikit-learn", "skops"],
                )
        mlflow.MlflowClient().set_registered_model_alias("churn", "champion", "2")
        held_out = frame.iloc[1000:]
        good = ml.gate(fitted(frame, ["x"], C=0.5), held_out, target="y", champion="models:/churn@champion", rules=AUC)
        bad = ml.gate(fitted(frame, ["noise"]), held_out, target="y", champion="models:/churn@champion", rules=AUC)
        lost = ml.gate(fitted(frame, ["x"]), held_out, target="y", champion="models:/churn@retired", rules=AUC)
    finally:
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])
    assert good.versions["champion"] == "churn v2"
    assert (good.verdict, bad.verdict) == (Verdict.PASS, Verdict.FAIL)
    assert bad.metrics["roc_auc"] < 0.6
    assert [row.other for row in bad.rows] == [row.other for row in good.rows]  # the same champion, asked for its probabilities
    assert "the registry has no `models:/churn@retired`" in only_check(lost, "champion")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")  # TensorFlow's own
def test_a_keras_model_is_asked_for_its_scores(frame):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    model.layers[0].set_weights([np.asarray([[2.0], [0.0]], dtype="float32"), np.zeros(1, dtype="float32")])
    table = frame[["x", "noise", "y"]]
    report = ml.gate(model, table, target="y", champion=fitted(frame, ["x"]), rules=AUC)
    assert report.verdict is Verdict.PASS
    assert report.metrics["log_loss"] < 0.5
    latency = ml.gate(model, table, target="y", rules=AUC, champion=fitted(frame, ["x"]), latency={"p50_ms": 5000, "n": 20, "warmup": 1})
    assert [row.verdict for row in latency.rows if row.metric == "latency p50"] == [Verdict.PASS]


def test_a_polars_table_gives_the_report_of_a_pandas_one(frame):
    polars = pytest.importorskip("polars")
    model = fitted(frame, ["x"])
    table = polars.DataFrame({name: frame[name].to_numpy() for name in frame.columns})
    settings = {"target": "y", "champion": fitted(frame, ["noise"]), "rules": AUC, "slices": {"by": ["country"], "margin": 0.05}}
    found = ml.gate(model, table, **settings)
    assert found.digest == ml.gate(model, frame, **settings).digest
    assert found.verdict is Verdict.PASS


def test_a_number_that_became_text_is_the_models_failure_in_its_words(frame):
    changed = frame.assign(x=frame["x"].astype(str) + " EUR")
    report = ml.gate(fitted(frame, ["x"]), changed, target="y", champion=np.full(5000, 0.5), rules=AUC)
    assert (report.verdict, report.refused) == (Verdict.FAIL, True)
    assert "the challenger raised `ValueError`" in str(report).splitlines()[0]
    assert "could not convert string to float" in str(report)


def test_labels_that_became_text_are_not_judged(frame):
    changed = frame.assign(y=np.where(frame["y"] == 1, "yes", "no"))
    report = ml.gate(fitted(frame, ["x"]), changed, target="y", champion=fitted(frame, ["noise"]), rules=AUC)
    assert report.refused
    assert "no such label is in the data" in str(report).splitlines()[0]


def test_a_column_without_any_value_is_the_models_failure(frame):
    empty = frame.assign(x=np.nan)
    report = ml.gate(fitted(frame, ["x"]), empty, target="y", champion=fitted(frame, ["noise"]), rules=AUC)
    assert (report.verdict, report.refused) == (Verdict.FAIL, True)
    assert "contains NaN" in str(report).splitlines()[0]


def test_a_constant_column_leaves_a_challenger_that_cannot_rank(frame):
    constant = frame.assign(x=1.0)
    good = 1 / (1 + np.exp(-frame["x"].to_numpy()))
    report = ml.gate(fitted(frame, ["x"]), constant, target="y", champion=good, rules=AUC)
    assert report.metrics["roc_auc"] == 0.5
    assert report.verdict is Verdict.FAIL
    assert only_check(report, "columns without variation") == "`x` has a single value, or none, on all rows"


def test_a_slice_column_without_any_value_is_one_slice(frame):
    empty = frame.assign(shop=np.nan)
    report = ml.gate(fitted(frame, ["x"]), empty, target="y", champion=fitted(frame, ["noise"]), rules=AUC, slices=["shop"])
    assert [row.scope for row in report.rows] == ["all rows", "shop = (missing)"]


def test_a_category_that_training_never_saw_is_named_by_an_encoder_that_refuses_it(frame):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(frame[["country"]], frame["y"])
    changed = frame.assign(country=frame["country"].where(frame.index > 10, "FR"))
    report = ml.gate(model, changed, target="y", champion=fitted(frame, ["noise"]), rules=AUC)
    assert report.refused
    assert "unknown categories ['FR']" in str(report).splitlines()[0]


def test_a_new_group_is_a_slice_and_too_small_a_one_is_listed(frame):
    changed = frame.assign(country=frame["country"].where(frame.index > 10, "FR"))
    settings = {"target": "y", "champion": fitted(frame, ["noise"]), "rules": AUC, "slices": ["country"]}
    report = ml.gate(fitted(frame, ["x"]), changed, **settings, fairness={"group": "country", "at_most": 0.2})
    assert report.small == ({"slice": "country = FR", "n": 11},)
    assert [each["judged"] for each in report.groups[0]["rates"]] == [True, False, True, True]
