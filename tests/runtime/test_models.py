"""Models, tensors and figures come back the same; what a library cannot keep is sealed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_mlops.runtime import artifacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    """Give a small classification problem."""
    from sklearn.datasets import load_iris

    x, y = load_iris(return_X_y=True)
    return x, y


def test_estimators_come_back_through_skops(through: Callable[..., Any], data: Any) -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for made in (
        make_pipeline(StandardScaler(), LogisticRegression(C=0.5)),
        RandomForestClassifier(5, random_state=np.random.RandomState(3)),
    ):
        model = made.fit(*data)
        encoding, back = through(model, forbid=True)
        assert encoding == "skops"
        assert type(back) is type(model)
        assert repr(back) == repr(model) or "RandomState" in repr(model)
        np.testing.assert_array_equal(back.predict_proba(data[0]), model.predict_proba(data[0]))


def test_estimators_of_one_model_give_one_digest(tmp_path: Path, data: Any) -> None:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000).fit(*data)
    port: Any = {"port": "p", "names": ["x"]}
    assert len({artifacts.save({"x": model}, str(tmp_path / name), port, False)["nb2pipe_digest"] for name in "ab"}) == 1


def test_an_estimator_with_a_part_of_another_library_is_sealed(through: Callable[..., Any], tmp_path: Path) -> None:
    import datetime as dt

    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression()
    model.extra_ = dt.UTC
    encoding, back = through(model)
    assert encoding == "pickle"
    assert back.extra_ is dt.UTC
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["x.pickle"]


def test_the_model_artifact_names_its_framework(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    metadata = artifacts.save({"x": LogisticRegression()}, str(tmp_path / "p"), {"port": "p", "names": ["x"], "artifact": "Model"}, False)
    assert metadata["framework"] == "sklearn"


@pytest.mark.slow
def test_xgboost_boosters_and_wrappers_come_back(through: Callable[..., Any], data: Any) -> None:
    import xgboost

    x, y = data
    booster = xgboost.train({"objective": "multi:softprob", "num_class": 3}, xgboost.DMatrix(x, y), 3)
    encoding, back = through(booster, forbid=True)
    assert encoding == "xgboost-ubj"
    np.testing.assert_array_equal(back.predict(xgboost.DMatrix(x)), booster.predict(xgboost.DMatrix(x)))
    model = xgboost.XGBClassifier(n_estimators=4, learning_rate=0.3).fit(x, y)
    encoding, back = through(model, forbid=True)
    assert encoding == "skops"
    assert back.get_params() == model.get_params() or repr(back.get_params()) == repr(model.get_params())
    np.testing.assert_array_equal(back.predict_proba(x), model.predict_proba(x))


@pytest.mark.slow
def test_lightgbm_boosters_and_wrappers_come_back(through: Callable[..., Any], data: Any) -> None:
    import lightgbm

    x, y = data
    booster = lightgbm.train({"objective": "multiclass", "num_class": 3, "verbose": -1}, lightgbm.Dataset(x, y), 3)
    encoding, back = through(booster, forbid=True)
    assert encoding == "lightgbm-text"
    assert back.params == booster.params
    np.testing.assert_array_equal(back.predict(x), booster.predict(x))
    model = lightgbm.LGBMClassifier(n_estimators=4, verbose=-1).fit(x, y)
    encoding, back = through(model, forbid=True)
    assert encoding == "skops"
    assert back.get_params() == model.get_params()
    np.testing.assert_array_equal(back.predict_proba(x), model.predict_proba(x))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras saving itself
def test_keras_models_come_back_compiled_and_without_dates(through: Callable[..., Any], tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Lambda(lambda x: x * 2)])
    model.compile("adam", "mse")
    x = np.ones((2, 4), "f4")
    model.fit(x, np.ones((2, 3)), verbose=0)
    encoding, back = through(model, forbid=True)
    assert encoding == "keras"
    np.testing.assert_array_equal(back.predict(x, verbose=0), model.predict(x, verbose=0))
    assert back.optimizer.iterations.numpy() == 1
    port: Any = {"port": "p", "names": ["x"]}
    digests = {artifacts.save({"x": model}, str(tmp_path / name), port, False)["nb2pipe_digest"] for name in "ab"}
    assert len(digests) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras pickling itself
def test_a_model_and_what_refers_to_it_stay_one_model(tmp_path: Path) -> None:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    port: Any = {"port": "p", "names": ["model", "box"]}
    metadata = artifacts.save({"model": model, "box": {"model": model}}, str(tmp_path / "p"), port, False)
    assert json.loads(metadata["nb2pipe_encoding"]) == {"model": "joint", "box": "joint"}
    back = artifacts.load(str(tmp_path / "p"), metadata, "p")
    assert back["box"]["model"] is back["model"]


@pytest.mark.slow
def test_tensors_and_variables_come_back(through: Callable[..., Any]) -> None:
    import tensorflow as tf

    for tensor in (tf.constant([[1.5, 2.0]]), tf.constant(["a", "é"]), tf.cast([1.0], tf.bfloat16)):
        encoding, back = through(tensor, forbid=True)
        assert encoding == "tensorflow-tensor"
        assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape)
        assert bool(tf.reduce_all(back == tensor))
    variable = tf.Variable([1.0, 2.0], name="w", trainable=False)
    encoding, back = through(variable, forbid=True)
    assert encoding == "tensorflow-variable"
    assert (back.name, back.trainable) == (variable.name, False)
    assert back.numpy().tolist() == [1.0, 2.0]


@pytest.mark.slow
def test_a_tf_module_travels_as_a_saved_model_when_asked(through: Callable[..., Any]) -> None:
    import tensorflow as tf

    class Doubler(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def __call__(self, x: Any) -> Any:
            return 2 * x

    encoding, back = through(Doubler(), forbid=True, encoding="savedmodel")
    assert encoding == "savedmodel"
    assert back(tf.constant([1.0])).numpy().tolist() == [2.0]


@pytest.mark.torch
def test_torch_tensors_and_modules_come_back(through: Callable[..., Any]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed here")
    encoding, back = through(torch.ones(2, requires_grad=True), forbid=True)
    assert encoding == "torch-weights"
    assert back.requires_grad
    module = torch.nn.Linear(2, 1).eval()
    encoding, back = through(module)
    assert encoding == "torch"
    assert not back.training
    assert torch.equal(back.weight, module.weight)


def test_plotly_figures_come_back_as_json(through: Callable[..., Any]) -> None:
    import plotly.graph_objects as go

    figure = go.Figure(go.Scatter(x=np.arange(3), y=["a", None, "c"]), layout={"title": {"text": "t"}})
    encoding, back = through(figure, forbid=True)
    assert encoding == "plotly-json"
    assert back == figure


def test_matplotlib_figures_are_sealed(through: Callable[..., Any]) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2])
    encoding, back = through(figure)
    assert encoding == "pickle"
    assert back.axes[0].lines[0].get_ydata().tolist() == [1, 2]
