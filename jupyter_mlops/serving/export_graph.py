"""A Keras model or tf.Module → a SavedModel: a predict signature, classify or regress where the output fits, and warm-up requests.

Source
------
TF Serving, "SavedModel Warmup"; "Signature defs"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.serving.server.signature import DEFAULT, TENSORFLOW

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

WARMUP = "tf_serving_warmup_requests"
WARMUP_BATCHES = (1, 8)


def export_graph(
    model: Any, folder: Path, columns: dict[str, Any], *, named: bool, preprocess: Any = None, classes: Sequence[str] = ()
) -> tuple[str, ...]:
    """Write the SavedModel; gives the names of its signatures. Parameters are those of `export.export`."""
    tensorflow = need("tensorflow", "tensorflow")
    columns = _typed_as_the_model(model, columns) if preprocess is None and not named else columns
    specs = {
        name: tensorflow.TensorSpec([None, *array.shape[1:]], TENSORFLOW_TYPES.get(str(array.dtype), str(array.dtype)), name=name)
        for name, array in columns.items()
    }

    def call(inputs: dict[str, Any]) -> Any:
        given = inputs if named else next(iter(inputs.values()))
        return model(preprocess(given) if preprocess is not None else given)

    served = tensorflow.Module()
    served.model, served.preprocess = model, preprocess  # tracked: their variables and tables are saved
    predict = tensorflow.function(lambda **inputs: _named(tensorflow, call(inputs))).get_concrete_function(**specs)
    signatures = {DEFAULT: predict}
    signatures |= _on_examples(tensorflow, call, specs, predict, list(classes))
    tensorflow.saved_model.save(served, str(folder), signatures=signatures)
    _write_warm_up(tensorflow, folder, columns)
    return tuple(sorted(signatures))


TENSORFLOW_TYPES = {"object": "string"}


def _typed_as_the_model(model: Any, columns: dict[str, Any]) -> dict[str, Any]:
    """Take name and type of the only input from a Keras model that says them."""
    inputs = getattr(model, "inputs", None) or []
    if len(inputs) != 1:
        return columns
    array = next(iter(columns.values()))
    kind = str(inputs[0].dtype)
    return {str(inputs[0].name): array if array.dtype == object or kind not in TENSORFLOW else array.astype(kind)}


def _named(tensorflow: Any, outputs: Any) -> dict[str, Any]:
    if isinstance(outputs, dict):
        return {str(name): tensorflow.convert_to_tensor(value) for name, value in outputs.items()}
    if isinstance(outputs, list | tuple):
        return {f"output_{place}": tensorflow.convert_to_tensor(value) for place, value in enumerate(outputs)}
    return {"outputs": tensorflow.convert_to_tensor(outputs)}


def _on_examples(
    tensorflow: Any, call: Callable[[dict[str, Any]], Any], specs: dict[str, Any], predict: Any, classes: list[str]
) -> dict[str, Any]:
    """Make the signature that takes ``tf.Example``s: classify for scores of classes, regress for one number a row, none for anything else."""
    outputs = predict.structured_outputs
    output = next(iter(outputs.values()))
    if (
        len(outputs) != 1
        or not output.dtype.is_floating
        or output.shape.rank not in {1, 2}
        or any(None in spec.shape[1:] for spec in specs.values())
    ):
        return {}
    width = 1 if output.shape.rank == 1 else output.shape[1]
    if width is None or (classes and len(classes) not in {width, 2 if width == 1 else width}):
        raise ValueError(f"`classes` names {len(classes)} classes, but the model gives {width} scores a row")

    def score(examples: Any) -> Any:
        features = {name: tensorflow.io.FixedLenFeature(spec.shape[1:], _parsed(tensorflow, spec.dtype)) for name, spec in specs.items()}
        parsed = tensorflow.io.parse_example(examples, features)
        values = call(
            {
                name: parsed[name] if parsed[name].dtype == spec.dtype else tensorflow.cast(parsed[name], spec.dtype)
                for name, spec in specs.items()
            }
        )
        return tensorflow.cast(next(iter(_named(tensorflow, values).values())), "float32")

    def classify(inputs: Any) -> dict[str, Any]:
        scores = score(inputs)
        if width == 1:
            scores = tensorflow.reshape(scores, [-1, 1])
            scores = tensorflow.concat([1 - scores, scores], axis=1)
        names = tensorflow.constant([classes or [str(place) for place in range(width)]])
        return {"scores": scores, "classes": tensorflow.repeat(names, tensorflow.shape(scores)[0], axis=0)}

    def regress(inputs: Any) -> dict[str, Any]:
        return {"outputs": tensorflow.reshape(score(inputs), [-1])}

    spec = tensorflow.TensorSpec([None], "string", name="inputs")
    if width > 1 or classes:
        return {"classify": tensorflow.function(classify).get_concrete_function(inputs=spec)}
    return {"regress": tensorflow.function(regress).get_concrete_function(inputs=spec)}


def _parsed(tensorflow: Any, dtype: Any) -> Any:
    """Name the type that an example carries for a type of tensor."""
    if dtype.is_floating:
        return tensorflow.float32
    return tensorflow.string if dtype == tensorflow.string else tensorflow.int64


def _write_warm_up(tensorflow: Any, folder: Path, columns: dict[str, Any]) -> None:
    """Write requests that are answered while the version loads, so that its first client does not wait for TensorFlow to build kernels."""
    import numpy

    from jupyter_mlops.serving.export import keep_example

    keep_example(folder, columns)
    apis = need("tensorflow_serving.apis.prediction_log_pb2", "serve")
    with tensorflow.io.TFRecordWriter(str(folder / "assets.extra" / WARMUP)) as writer:
        for batch in WARMUP_BATCHES:
            log = apis.PredictionLog()
            log.predict_log.request.model_spec.signature_name = DEFAULT
            for name, array in columns.items():
                rows = numpy.resize(array, (batch, *array.shape[1:]))
                log.predict_log.request.inputs[name].CopyFrom(tensorflow.make_tensor_proto(rows))
            writer.write(log.SerializeToString(deterministic=True))
