"""A servable and a request of TF Serving's three methods → the answer, with TF Serving's checks and messages.

Classify and regress take ``tf.Example``s; any signature whose inputs and outputs are named as theirs will do, whatever its `method_name`
says, because TensorFlow 2 writes "predict" into all of them (TF Serving does not look either, unless it is told to).

Source
------
TF Serving, servables/tensorflow/{predict_util,classifier,regressor}.cc
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.server.signature import DEFAULT, Servable, Signature
from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def predict(servable: Servable, signature: str, inputs: Mapping[str, Any], wanted: Iterable[str] = ()) -> dict[str, Any]:
    """Call one signature with arrays; `wanted` names the outputs, all of them if it is empty."""
    definition = servable.signatures.get(signature or DEFAULT)
    if definition is None:
        raise Refused(Code.FAILED_PRECONDITION, f'Serving signature key "{signature}" not found.')
    check_inputs(definition, inputs)
    chosen = list(wanted)
    for name in chosen:
        if name not in definition.outputs:
            known = ",".join(sorted(definition.outputs))
            raise wrong(f"output tensor alias not found in signature: {name} Outputs expected to be in the set {{{known}}}.")
    if len(set(chosen)) < len(chosen):
        raise wrong(f"duplicate output tensor alias: {next(name for name in chosen if chosen.count(name) > 1)}")
    outputs = servable.run(signature or DEFAULT, inputs)
    return {name: outputs[name] for name in chosen} if chosen else outputs


def check_inputs(definition: Signature, inputs: Mapping[str, Any]) -> None:
    """Refuse inputs whose names, types or shapes the signature does not take: the fault of who asks, not of the model."""
    from jupyter_mlops.serving.server.signature import TENSORFLOW

    if inputs.keys() != definition.inputs.keys():
        sent, known = sorted(inputs), sorted(definition.inputs)
        extra, missing = ",".join(sorted(set(sent) - set(known))), ",".join(sorted(set(known) - set(sent)))
        raise wrong(
            f"input size does not match signature: {len(sent)}!={len(known)} len({{{','.join(sent)}}}) != len({{{','.join(known)}}}). "
            f"Sent extra: {{{extra}}}. Missing but required: {{{missing}}}."
        )
    for name, tensor in definition.inputs.items():
        given = TENSORFLOW.get(str(inputs[name].dtype), str(inputs[name].dtype))
        if given != tensor.dtype:
            raise wrong(f"input `{name}` is of type {given}, expected {tensor.dtype}")
        if not tensor.fits(inputs[name].shape):
            raise wrong(f"input `{name}` has shape {list(inputs[name].shape)}, expected {list(tensor.shape or ())}")


def classify(servable: Servable, signature: str, examples: Sequence[bytes]) -> list[list[tuple[bytes, float]]]:
    """Classify serialized examples: for each, all classes with their scores (0 or "" where the model gives none)."""
    definition = _definition(servable, signature)
    if len(definition.inputs) != 1:
        raise wrong("Expected one input Tensor.")
    if len(definition.outputs) not in {1, 2}:
        raise wrong(f"Expected one or two output Tensors, found {len(definition.outputs)}")
    if "inputs" not in definition.inputs:
        raise wrong(f"No classification inputs found in SignatureDef: {definition}")
    if not {"classes", "scores"} & definition.outputs.keys():
        raise wrong(
            f'Expected classification signature outputs to contain at least one of "classes" or "scores". Signature was: {definition}'
        )
    outputs = _run_examples(servable, signature, examples)
    classes, scores = outputs.get("classes"), outputs.get("scores")
    for array in (classes, scores):
        _check_classes(array, len(examples))
    if classes is not None and scores is not None and classes.shape != scores.shape:
        raise wrong(f"Tensors class and score should match in dim_size(1). Got {classes.shape[1]} vs. {scores.shape[1]}")
    width = next(array for array in (classes, scores) if array is not None).shape[1]
    return [
        [(b"" if classes is None else classes[row, k], 0.0 if scores is None else float(scores[row, k])) for k in range(width)]
        for row in range(len(examples))
    ]


def _check_classes(array: Any, rows: int) -> None:
    if array is None:
        return
    if array.ndim != 2:
        raise wrong(f"Expected Tensor shape: [batch_size num_classes] but got {list(array.shape)}")
    if array.dtype.kind not in "Of":
        raise wrong(f"Expected scores Tensor of DT_FLOAT. Got: {array.dtype}")
    if array.shape[0] != rows:
        raise wrong(f"Expected scores output batch size of {rows}. Got: {array.shape[0]}")


def regress(servable: Servable, signature: str, examples: Sequence[bytes]) -> list[float]:
    """Predict a number for each serialized example."""
    definition = _definition(servable, signature)
    if len(definition.inputs) != 1:
        raise wrong("Expected one input Tensor.")
    if len(definition.outputs) != 1:
        raise wrong("Expected one output Tensor.")
    if "inputs" not in definition.inputs:
        raise wrong(f"No regression inputs found in SignatureDef: {definition}")
    if "outputs" not in definition.outputs:
        raise wrong(f"No regression outputs found in SignatureDef: {definition}")
    array = _run_examples(servable, signature, examples)["outputs"]
    if not (array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1)):
        raise wrong(f"Expected output Tensor shape to be either [batch_size] or [batch_size, 1] but got {list(array.shape)}")
    if array.shape[0] != len(examples):
        raise wrong(f"Input batch size did not match output batch size: {len(examples)} vs. {array.shape[0]}")
    if str(array.dtype) != "float32":
        raise wrong(f"Expected output Tensor of DT_FLOAT.  Got: {array.dtype}")
    return [float(value) for value in array.reshape(-1)]


def answer_log(servable: Servable, log: Any) -> None:
    """Send one record of a warm-up file (a `PredictionLog`) through a servable; the answer is not looked at."""
    import tensorflow

    which = log.WhichOneof("log_type")
    if which == "predict_log":
        request = log.predict_log.request
        arrays = {name: tensorflow.make_ndarray(value) for name, value in request.inputs.items()}
        predict(servable, request.model_spec.signature_name, arrays, request.output_filter)
    elif which == "classify_log":
        request = log.classify_log.request
        classify(servable, request.model_spec.signature_name, serialized(request.input))
    elif which == "regress_log":
        request = log.regress_log.request
        regress(servable, request.model_spec.signature_name, serialized(request.input))
    else:
        raise Refused(Code.UNIMPLEMENTED, f"Unsupported log_type for warmup: {which}")


def serialized(given: Any) -> list[bytes]:
    """Serialize the examples of an `Input`; the context, if there is one, goes before each (protobuf merges the two when it reads)."""
    which = given.WhichOneof("kind")
    if which == "example_list":
        examples = [example.SerializeToString() for example in given.example_list.examples]
    elif which == "example_list_with_context":
        context = given.example_list_with_context.context.SerializeToString()
        examples = [context + example.SerializeToString() for example in given.example_list_with_context.examples]
    else:
        examples = []
    if not examples:
        raise wrong("Input is empty.")
    return examples


def _definition(servable: Servable, signature: str) -> Signature:
    definition = servable.signatures.get(signature or DEFAULT)
    if definition is None:
        raise wrong(f"No signature was found with the name: {signature or DEFAULT}")
    return definition


def _run_examples(servable: Servable, signature: str, examples: Sequence[bytes]) -> dict[str, Any]:
    import numpy

    array: Any = numpy.empty(len(examples), object)
    array[:] = examples
    return servable.run(signature or DEFAULT, {"inputs": array})
