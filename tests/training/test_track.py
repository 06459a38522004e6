"""A run ties code, data, parameters, metrics, model and environment together."""

import json
import sys

import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as ml
from jupyter_mlops.data import digest_of
from jupyter_mlops.errors import EnvironmentProblem

mlflow = pytest.importorskip("mlflow", reason="where runs are kept")
pytestmark = pytest.mark.slow  # each test makes a database of its own, which takes MLflow seconds
FRAME = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [0, 0, 1, 1]})


def kept(run, name):
    from mlflow.artifacts import load_text

    base = run.client.get_run(run.id).info.artifact_uri
    return json.loads(load_text(f"{base}/nb2pipe/{name}.json"))


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "d.parquet"
    FRAME.to_parquet(path)
    with ml.track("fit") as made:
        made.log_parameters(depth=3)
        made.log_data(ml.dataset(path).frame(), "train")
        for step in range(3):
            made.log_metrics(loss=1 / (step + 1), step=step)
        made.log_metrics(auc=0.8)
    return made


def test_mlflow_has_what_was_noted(run, home):
    found = run.client.get_run(run.id)
    assert (home / "mlflow.db").is_file()
    assert found.info.status == "FINISHED"
    assert found.data.params == {"depth": "3"}
    assert found.data.metrics == {"loss": 1 / 3, "auc": 0.8}
    assert [each.value for each in run.client.get_metric_history(run.id, "loss")] == [1, 1 / 2, 1 / 3]
    assert [each.dataset.name for each in found.inputs.dataset_inputs] == ["train"]


def test_it_says_what_it_was_made_from(run):
    (data,) = kept(run, "data")
    assert data["content"] == digest_of(FRAME.astype(FRAME.dtypes))
    assert data["source"].startswith("sha256:")
    assert data["uri"] == "d.parquet"
    assert f"python=={sys.version.split()[0]}" in kept(run, "environment")
    assert any(line.startswith("mlflow==") for line in kept(run, "environment"))


def test_the_result_is_drawn(run):
    assert run.text().splitlines()[0] == "fit: finished; loss 0.33333, auc 0.8"
    assert 'aria-label="loss over 3 steps: from 1 to 0.3333, between 0.3333 and 1"' in run.html()
    assert run.metrics == {"loss": 1 / 3, "auc": 0.8}


def test_a_run_that_raises_has_failed():
    made = ml.track()

    def train():
        with made:
            made.log_metrics(loss=float("nan"))
            raise KeyError

    with pytest.raises(KeyError):
        train()
    assert made.client.get_run(made.id).info.status == "FAILED"


def test_the_cells_of_a_step_are_its_code():
    import linecache

    source = "run = ml.track()\nrun.end()\n"
    name = "churn.ipynb › cell 5 (step train)"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    scope = {"ml": ml}
    exec(compile(source, name, "exec"), scope)
    assert kept(scope["run"], "code") == [[name, source.rstrip()]]
    assert scope["run"].name == "train"


def test_a_model_is_kept_without_pickle_and_loads(home):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(FRAME[["x"]], FRAME["y"])
    with ml.track() as made:
        uri = made.log_model(model, example=FRAME[["x"]])
    folder = next((home / "mlruns").rglob("MLmodel")).parent
    assert [path for path in folder.iterdir() if path.suffix == ".pkl"] == []
    mlflow.set_tracking_uri(made.uri)
    again = mlflow.sklearn.load_model(uri)
    np.testing.assert_array_equal(again.predict(FRAME[["x"]]), model.predict(FRAME[["x"]]))


def test_what_is_no_model_no_data_no_number_is_refused(run):
    with pytest.raises(TypeError, match=r"not `int`$"):
        run.log_model(3)
    with pytest.raises(TypeError, match=r"not `list`$"):
        run.log_data([1])
    with pytest.raises(ValueError, match=r"^the metric `auc` is `'high'`; a number was expected$"):
        run.log_metrics(auc="high")
    with pytest.raises(ValueError, match=r"^the parameter `depth` is 3 already"):
        run.log_parameters(depth=4)


def test_a_server_that_does_not_answer_is_a_problem_of_the_environment():
    with pytest.raises(EnvironmentProblem, match=r"^the tracking server `http://127.0.0.1:9` does not answer: ") as caught:
        ml.track(uri="http://me:hunter2@127.0.0.1:9")
    assert "hunter2" not in str(caught.value)
