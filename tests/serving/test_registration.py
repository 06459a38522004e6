"""`ml.register`: exported as served, compared with the notebook, sealed, gated, found by alias."""

from __future__ import annotations

import json

import numpy as np
import pytest

import jupyter_mlops as ml
from jupyter_mlops.report import Verdict
from jupyter_mlops.serving.digest import digest_folder
from jupyter_mlops.serving.registry import find_version
from jupyter_mlops.serving.server.versions import load_servable


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    return tmp_path / "home"


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(40, 3))


@pytest.fixture
def logistic(rows):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(rows, rows.sum(axis=1) > 0)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")  # MLflow's own
@pytest.mark.slow
def test_a_registered_model_is_found_by_its_alias_and_its_seal_holds(logistic, rows):
    first = ml.register(logistic, "churn", example=rows)
    second = ml.register(logistic, "churn", example=rows, gate=Verdict.PASS, alias="champion")
    assert (first.version, second.version, second.verdict) == ("1", "2", Verdict.PASS)
    champion, challenger = find_version("churn", "@champion"), find_version("churn", "@challenger")
    assert (champion.version, champion.gate, challenger.version, challenger.gate) == ("2", "pass", "1", "")
    assert champion.digest == digest_folder(champion.source)
    answer = load_servable(__import__("pathlib").Path(champion.source), champion.digest).run(
        "serving_default", {"inputs": rows.astype("float32")}
    )
    assert np.allclose(answer["probabilities"], logistic.predict_proba(rows), atol=1e-6)


def test_a_model_that_failed_its_gate_is_not_registered(logistic, rows, home):
    refused = ml.register(logistic, "churn", example=rows, gate=Verdict.FAIL)
    assert (refused.version, refused.verdict) == ("", Verdict.FAIL)
    assert refused.text().splitlines()[0].startswith("FAIL: churn not registered: its gate failed")
    assert not (home / "mlflow.db").exists()


def test_a_gate_that_cannot_tell_makes_no_champion(logistic, rows):
    assert ml.register(logistic, "churn", example=rows, gate=Verdict.INCONCLUSIVE, alias="champion").version == ""


def test_a_served_model_that_differs_from_the_notebook_is_not_registered(logistic, rows):
    refused = ml.register(logistic, "churn", example=rows, notebook=lambda raw: logistic.predict_proba(raw * 2))
    assert refused.version == ""
    assert refused.skew.differing > 0
    assert "notebook" in refused.html()


def test_a_name_that_leaves_the_folder_is_refused(logistic, rows):
    with pytest.raises(ValueError, match="is no name of a model"):
        ml.register(logistic, "../churn", example=rows)


def test_an_unreachable_registry_is_said_without_its_password(logistic, rows):
    from jupyter_mlops.errors import EnvironmentProblem

    with pytest.raises(EnvironmentProblem, match=r"the model registry at `127\.0\.0\.1:9` does not answer") as caught:
        find_version("churn", uri="http://me:secret@127.0.0.1:9")
    assert "secret" not in str(caught.value)


def test_a_keras_model_takes_its_preprocessing_along(tmp_path):
    keras = pytest.importorskip("keras")
    from jupyter_mlops.serving.export import export
    from jupyter_mlops.serving.skew import compare

    rows = {"age": np.array([20.0, 60.0]), "city": np.array(["Oslo", "Rome"])}
    lookup = keras.layers.StringLookup(vocabulary=["Oslo", "Rome"], output_mode="one_hot")
    dense = keras.layers.Dense(1, activation="sigmoid")

    def preprocess(raw):
        import tensorflow as tf

        return tf.concat([raw["age"][:, None] / 100.0, tf.cast(lookup(raw["city"]), "float32")], axis=1)

    model = keras.Sequential([keras.Input((4,)), dense])
    preprocess.lookup = lookup  # its table must be saved too
    done = export(model, tmp_path / "1", rows, preprocess=_Tracked(preprocess, lookup), classes=["stay", "leave"])
    assert done.signatures == ("classify", "serving_default")

    def notebook(raw):
        import tensorflow as tf

        return model(preprocess({"age": tf.constant(raw["age"], "float32"), "city": tf.constant(raw["city"])}))

    assert compare(notebook, done.folder, rows, 1e-6).verdict is Verdict.PASS
    smoke = json.loads((done.folder / "assets.extra" / "smoke.json").read_text())
    assert smoke["instances"][1] == {"age": 60.0, "city": "Rome"}
    assert (done.folder / "assets.extra" / "tf_serving_warmup_requests").stat().st_size > 0


def _Tracked(function, lookup):
    import tensorflow as tf

    class Tracked(tf.Module):
        def __init__(self):
            super().__init__()
            self.lookup = lookup

        def __call__(self, raw):
            return function(raw)

    return Tracked()


SKEWS = {
    "agrees": ([1.0, 2.0], [1.0, 2.0], Verdict.PASS, 0),
    "differs": ([1.0, 2.0], [1.0, 2.1], Verdict.FAIL, 1),
    "NaN against a number": ([1.0, np.nan], [1.0, 2.0], Verdict.FAIL, 1),
    "NaN on both sides": ([1.0, np.nan], [1.0, np.nan], Verdict.PASS, 0),
    "labels": (["a", "b"], [b"a", b"c"], Verdict.FAIL, 1),
    "another number of rows": ([1.0, 2.0], [1.0], Verdict.FAIL, 2),
}


@pytest.mark.parametrize("case", SKEWS)
def test_skew_is_any_row_that_differs(case):
    from jupyter_mlops.serving import check_skew

    mine, served, verdict, differing = SKEWS[case]
    report = check_skew(lambda _: mine, lambda _: served, [0, 0])
    assert (report.verdict, report.differing) == (verdict, differing)


def test_skew_without_rows_cannot_be_told():
    from jupyter_mlops.serving import check_skew

    assert check_skew(lambda rows: rows, lambda rows: rows, []).verdict is Verdict.INCONCLUSIVE


def test_skew_names_the_first_rows_that_differ():
    from jupyter_mlops.serving import check_skew

    report = check_skew(lambda _: [1.0, 2.0, 3.0], lambda _: [1.0, 2.5, 3.5], [0, 0, 0])
    assert report.text().splitlines()[2:] == ["  row 1, outputs: notebook 2, served 2.5", "  row 2, outputs: notebook 3, served 3.5"]


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")  # MLflow's own
@pytest.mark.slow
def test_a_gate_loads_the_registered_champion_as_it_is_served(rows):
    keras = pytest.importorskip("keras")
    from jupyter_mlops.evaluation.registry import load

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,), name="features"), keras.layers.Dense(2, activation="softmax")])
    features = rows.astype("float32")
    done = ml.register(model, "churn", example=features, gate=Verdict.PASS, alias="champion")
    champion, name = load("models:/churn@champion")
    assert (done.version, name) == ("1", "churn v1")
    assert np.allclose(champion.predict(features), model(features), atol=1e-6)
