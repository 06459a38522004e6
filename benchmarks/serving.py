"""What a request to the local server costs over the bare TensorFlow call, warm, one after another, beside each other in turns."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Callable


def run(requests: int = 500) -> Section:
    """Time the same row through TensorFlow in this process, through REST and through gRPC."""
    with tempfile.TemporaryDirectory() as folder:
        latencies = _measure(Path(folder), requests)
    bare = latencies["bare TensorFlow call"]
    notes = ["| what, wall milliseconds | p50 | p99 | p99 over the bare call |\n| --- | --- | --- | --- |"]
    notes += [
        f"| {name} | {_quantile(values, 0.5):.2f} ms | {_quantile(values, 0.99):.2f} ms | {_quantile(values, 0.99) - _quantile(bare, 0.99):+.2f} ms |"
        for name, values in latencies.items()
    ]
    title = "Serving: a request to the local server, on the clock"
    return Section(title=title, seconds=latencies, unit="wall milliseconds of one request", notes=["\n".join(notes)])


def _measure(folder: Path, requests: int) -> dict[str, list[float]]:
    import http.client

    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

    from jupyter_mlops.serving.rollout.records import Version
    from jupyter_mlops.serving.rollout.store import Store
    from jupyter_mlops.serving.server import local_server

    source = _export(tf, folder / "1")
    signature = tf.saved_model.load(str(source)).signatures["serving_default"]
    store = Store(folder / "serving" / "serving.db")
    store.put_version("dense", Version("1", "STABLE", str(source), "", True))
    row = [0.5] * 32
    body = json.dumps({"instances": [row]})
    message = predict_pb2.PredictRequest()
    message.model_spec.name = "dense"
    message.inputs["x"].CopyFrom(tf.make_tensor_proto([row], dtype="float32"))
    with local_server(folder) as server:
        connection = http.client.HTTPConnection(server.rest.removeprefix("http://"))

        def ask_rest() -> None:
            connection.request("POST", "/v1/models/dense:predict", body)
            connection.getresponse().read()

        with grpc.insecure_channel(server.grpc) as channel:
            stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
            ways: dict[str, Callable[[], object]] = {
                "bare TensorFlow call": signature(x=tf.constant([row], "float32"))["y"].numpy,
                "REST": ask_rest,
                "gRPC": lambda: stub.Predict(message, 30),
            }
            found = _in_turns(ways, requests)
        connection.close()
    store.close()
    return found


def _in_turns(ways: dict[str, Callable[[], object]], requests: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(requests + 50):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            if turn >= 50:  # the first are warm-up
                found[name].append((time.perf_counter() - begun) * 1000)
    return found


def _export(tensorflow: object, folder: Path) -> Path:
    weights = tensorflow.random.stateless_normal([32, 16], seed=(0, 0))  # type: ignore[attr-defined]
    module = tensorflow.Module()  # type: ignore[attr-defined]
    spec = tensorflow.TensorSpec([None, 32], "float32", name="x")  # type: ignore[attr-defined]
    function = tensorflow.function(lambda x: {"y": tensorflow.nn.softmax(x @ weights)}).get_concrete_function(spec)  # type: ignore[attr-defined]
    tensorflow.saved_model.save(module, str(folder), signatures={"serving_default": function})  # type: ignore[attr-defined]
    return folder


def _quantile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100)[round(share * 100) - 1]
