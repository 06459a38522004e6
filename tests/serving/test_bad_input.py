"""What `ml.register` and `ml.deploy` say to bad input: one sentence that names it, and nothing left behind."""

from __future__ import annotations

import numpy as np
import pytest

import jupyter_mlops as ml
from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.serving.registry import find_version
from jupyter_mlops.serving.rollout.deploy import deploy


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    return tmp_path / "home"


@pytest.fixture
def logistic():
    from sklearn.linear_model import LogisticRegression

    rows = np.arange(12.0).reshape(6, 2)
    return LogisticRegression().fit(rows, [0, 0, 0, 1, 1, 1])


def test_an_empty_saved_model_is_not_deployed(tmp_path, home):
    folder = tmp_path / "churn"
    folder.mkdir()
    (folder / "saved_model.pb").touch()
    with pytest.raises(EnvironmentProblem, match=r"`churn` holds no `saved_model\.pb` and no `model\.skops`, or an empty one"):
        deploy(folder, controller=False)


def test_a_folder_that_is_not_there_is_not_deployed(tmp_path):
    with pytest.raises(EnvironmentProblem, match="`nowhere` is no folder with a model"):
        deploy(tmp_path / "nowhere", controller=False)


def test_a_folder_with_something_else_is_not_deployed(tmp_path):
    folder = tmp_path / "churn"
    folder.mkdir()
    (folder / "model.pkl").write_bytes(b"a pickle")
    with pytest.raises(EnvironmentProblem, match=r"`churn` holds no `saved_model\.pb` and no `model\.skops`"):
        deploy(folder, controller=False)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")  # MLflow's own
@pytest.mark.slow
def test_a_missing_champion_is_said_by_name():
    with pytest.raises(LookupError, match="the registry has no `@champion` of model `churn`"):
        find_version("churn", "@champion")


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")  # MLflow's own
@pytest.mark.slow
def test_an_unreachable_registry_registers_nothing_and_says_so(logistic, home):
    with pytest.raises(EnvironmentProblem, match=r"the model registry at `127\.0\.0\.1:9` does not answer") as caught:
        ml.register(logistic, "churn", example=np.zeros((2, 2)), uri="http://me:secret@127.0.0.1:9")
    assert "secret" not in str(caught.value)
    assert list((home / "serving" / "models" / "churn").iterdir()) == []


@pytest.mark.parametrize(
    ("example", "message"),
    [
        (None, "`example` is missing"),
        (np.zeros((0, 2)), "`example` holds no row"),
        (np.zeros((2, 2), complex), "a column of type complex128 has no place in a request"),
    ],
)
def test_an_example_that_says_nothing_is_refused(logistic, example, message):
    with pytest.raises(ValueError, match=message):
        ml.register(logistic, "churn", example=example)


def test_what_is_no_model_is_refused():
    with pytest.raises(TypeError, match="a `dict` cannot be exported; expected a Keras model"):
        ml.register({}, "churn", example=np.zeros((2, 2)))
