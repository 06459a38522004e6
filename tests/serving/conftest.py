"""Two exported versions of one model, made once, and one server that serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with SavedModels 1 and 2: y = x · version, on float32 vectors; with classify and regress signatures of their own."""
    tensorflow = pytest.importorskip("tensorflow")
    folder = tmp_path_factory.mktemp("exported")
    for version in (1, 2):
        _save(tensorflow, folder / str(version), version)
    return folder


def _save(tensorflow, folder, factor):
    class Scale(tensorflow.Module):
        def __init__(self):
            super().__init__()
            self.factor = tensorflow.Variable(float(factor))

    module = Scale()
    text = tensorflow.TensorSpec([None], "string", name="inputs")
    vector = tensorflow.TensorSpec([None], "float32", name="x")

    def parsed(inputs):
        return tensorflow.io.parse_example(inputs, {"x": tensorflow.io.FixedLenFeature([], "float32")})["x"] * module.factor

    def classify(inputs):
        score = parsed(inputs)
        names = tensorflow.repeat([["low", "high"]], tensorflow.shape(score)[0], axis=0)
        return {"scores": tensorflow.stack([1 - score, score], axis=1), "classes": names}

    def checked(x):
        with tensorflow.control_dependencies([tensorflow.debugging.assert_less(x, 1e6, message="too large for this model")]):
            return {"y": x * module.factor}

    def two(x, name):
        return {"y": x * module.factor, "name_bytes": name, "name": name}

    signatures = {
        "serving_default": tensorflow.function(checked).get_concrete_function(vector),
        "two": tensorflow.function(two).get_concrete_function(vector, tensorflow.TensorSpec([None], "string", name="name")),
        "classify": tensorflow.function(classify).get_concrete_function(text),
        "regress": tensorflow.function(lambda inputs: {"outputs": parsed(inputs)}).get_concrete_function(text),
    }
    tensorflow.saved_model.save(module, str(folder), signatures=signatures)


@pytest.fixture(scope="session")
def server(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A running server: model `scale`, version 1 stable, version 2 a canary with a tenth of the traffic; `broken` cannot be loaded."""
    from jupyter_mlops.serving.rollout.records import Share, Transition, Version
    from jupyter_mlops.serving.rollout.store import Store
    from jupyter_mlops.serving.server import local_server

    home = tmp_path_factory.mktemp("home")
    corrupt = tmp_path_factory.mktemp("corrupt")
    (corrupt / "saved_model.pb").write_bytes(b"not a SavedModel")
    store = Store(home / "serving" / "serving.db")
    store.put_version("scale", Version("1", "STABLE", str(exported / "1"), "", True))
    store.put_version("scale", Version("2", "CANARY", str(exported / "2"), "", True))
    store.put_version("broken", Version("1", "STABLE", str(corrupt), "", True))
    store.put_version("resealed", Version("1", "STABLE", str(exported / "1"), "0" * 64, True))
    event = Transition("scale", 0.0, "SHADOW", "CANARY", "canary 10 %", "2", "a test", {})
    store.append_transition(event, traffic=[Share("1", 0.9), Share("2", 0.1)])
    with local_server(home, options=["--log-exclude", "name", "--log-flush-seconds", "0.2"]) as running:
        running.home = home
        running.store = store
        yield running
    store.close()
