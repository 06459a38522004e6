"""gRPC, asked with TF Serving's own client stubs."""

from __future__ import annotations

import pytest

grpc = pytest.importorskip("grpc")


@pytest.fixture
def stubs(server):
    pytest.importorskip("tensorflow_serving")
    from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

    with grpc.insecure_channel(server.grpc) as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel), model_service_pb2_grpc.ModelServiceStub(channel)


def _predict(model="scale", version=None, label=None, signature="", **inputs):
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2

    request = predict_pb2.PredictRequest()
    _spec(request.model_spec, model, version, label, signature)
    for name, values in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
    return request


def _spec(spec, model="scale", version=None, label=None, signature=""):
    spec.name, spec.signature_name = model, signature
    if version is not None:
        spec.version.value = version
    if label is not None:
        spec.version_label = label


def _examples(request, *values):
    for value in values:
        request.input.example_list.examples.add().features.feature["x"].float_list.value.append(value)
    return request


def test_predict_names_the_version_that_answered(stubs):
    answer = stubs[0].Predict(_predict(label="canary", x=[1.5]), 30)
    assert (list(answer.outputs["y"].float_val), answer.model_spec.version.value, answer.model_spec.signature_name) == (
        [3.0],
        2,
        "serving_default",
    )


def test_an_output_filter_chooses_outputs(stubs):
    request = _predict(version=1, signature="two", x=[1.0], name=["a"])
    request.output_filter.append("y")
    assert list(stubs[0].Predict(request, 30).outputs) == ["y"]


def test_classify_regress_and_both_at_once(stubs):
    from tensorflow_serving.apis import classification_pb2, inference_pb2, regression_pb2

    classify = _examples(classification_pb2.ClassificationRequest(), 0.25)
    _spec(classify.model_spec, version=1, signature="classify")
    classes = stubs[0].Classify(classify, 30).result.classifications[0].classes
    assert [(each.label, each.score) for each in classes] == [("low", 0.75), ("high", 0.25)]
    regress = _examples(regression_pb2.RegressionRequest(), 4.0)
    _spec(regress.model_spec, version=2, signature="regress")
    assert [each.value for each in stubs[0].Regress(regress, 30).result.regressions] == [8.0]
    both = _examples(inference_pb2.MultiInferenceRequest(), 0.5)
    for method in ("classify", "regress"):
        task = both.tasks.add(method_name=f"tensorflow/serving/{method}")
        _spec(task.model_spec, version=1, signature=method)
    results = stubs[0].MultiInference(both, 30).results
    assert (results[0].classification_result.classifications[0].classes[1].score, results[1].regression_result.regressions[0].value) == (
        0.5,
        0.5,
    )


def test_metadata_holds_the_signatures(stubs):
    from tensorflow_serving.apis import get_model_metadata_pb2

    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    _spec(request.model_spec, version=1)
    table = get_model_metadata_pb2.SignatureDefMap()
    stubs[0].GetModelMetadata(request, 30).metadata["signature_def"].Unpack(table)
    assert sorted(table.signature_def) == ["classify", "regress", "serving_default", "two"]


def test_status_tells_each_version_s_state(stubs):
    from tensorflow_serving.apis import get_model_status_pb2

    request = get_model_status_pb2.GetModelStatusRequest()
    _spec(request.model_spec)
    assert [(each.version, each.state) for each in stubs[1].GetModelStatus(request, 30).model_version_status] == [(2, 30), (1, 30)]
    _spec(request.model_spec, "broken")
    assert [each.state for each in stubs[1].GetModelStatus(request, 30).model_version_status] == [50]


REFUSED = {
    "unknown model": ({"model": "none", "x": [1.0]}, "NOT_FOUND", "Servable not found for request: Latest(none)"),
    "no model": ({"model": "", "x": [1.0]}, "INVALID_ARGUMENT", "ModelSpec has no name specified."),
    "unknown signature": ({"version": 1, "signature": "s", "x": [1.0]}, "FAILED_PRECONDITION", 'Serving signature key "s" not found.'),
    "a stranger among the inputs": (
        {"version": 1, "z": [1.0]},
        "INVALID_ARGUMENT",
        "input size does not match signature: 1!=1 len({z}) != len({x}). Sent extra: {z}. Missing but required: {x}.",
    ),
    "another shape": ({"version": 1, "x": [[1.0]]}, "INVALID_ARGUMENT", "input `x` has shape [1, 1], expected [-1]"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_is_refused_with_tf_serving_s_code(stubs, case):
    request, code, message = REFUSED[case]
    with pytest.raises(grpc.RpcError) as caught:
        stubs[0].Predict(_predict(**request), 30)
    assert (caught.value.code().name, caught.value.details()) == (code, message)


def test_a_configuration_loads_labels_and_unloads(stubs, exported):
    from tensorflow_serving.apis import model_management_pb2

    def reload(*versions, **labels):
        request = model_management_pb2.ReloadConfigRequest()
        config = request.config.model_config_list.config.add(name="configured", base_path=str(exported), model_platform="tensorflow")
        config.model_version_policy.specific.versions.extend(versions)
        for label, version in labels.items():
            config.version_labels[label] = version
        return stubs[1].HandleReloadConfigRequest(request, 60)

    def ask(label):
        return stubs[0].Predict(_predict("configured", label=label, x=[1.0]), 30).outputs["y"].float_val[0]

    reload(1, stable=1)
    assert ask("stable") == 1.0
    with pytest.raises(grpc.RpcError, match="which is not currently available for inference"):
        reload(1, 2, stable=2)  # a label moves only to a version that answers: load first
    reload(1, 2, stable=1)
    reload(1, 2, stable=2)
    assert ask("stable") == 2.0
    reload(2, stable=2)
    assert ask("stable") == 2.0
    stubs[1].HandleReloadConfigRequest(_empty(), 60)


def _empty():
    from tensorflow_serving.apis import model_management_pb2

    request = model_management_pb2.ReloadConfigRequest()
    request.config.model_config_list.SetInParent()
    return request
