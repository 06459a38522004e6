"""gRPC → TF Serving's PredictionService and ModelService, on its own published stubs.

The answer names its version in ``model_spec.version``; the request's id and key may come as metadata ``x-request-id`` and ``x-affinity-key``.

Source
------
TF Serving, apis/prediction_service.proto, apis/model_service.proto; model_servers/{prediction_service,model_service}_impl.cc
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.serving.server.core import Answer, Asked
from jupyter_mlops.serving.server.inference import classify, predict, regress, serialized
from jupyter_mlops.serving.server.rest import model_status
from jupyter_mlops.serving.server.signature import DEFAULT, NUMPY, as_json
from jupyter_mlops.serving.server.status import Code, Refused, wrong
from jupyter_mlops.serving.server.versions import STATES

if TYPE_CHECKING:
    from jupyter_mlops.serving.server.configuration import Configuration
    from jupyter_mlops.serving.server.core import Core
    from jupyter_mlops.serving.server.follow import Follower
    from jupyter_mlops.serving.server.signature import Servable

MAX_MESSAGE_BYTES = 2**31 - 1  # TF Serving's


class Rpc:
    """A running gRPC server."""

    def __init__(self, server: Any, port: int) -> None:
        self._server = server
        self.port = port

    def stop(self) -> None:
        """Answer what is under way, then end."""
        self._server.stop(grace=5).wait()


def start(core: Core, configuration: Configuration, follower: Follower, host: str, port: int, threads: int) -> Rpc:
    """Start listening.

    Raises
    ------
    EnvironmentProblem
        If the port is taken, or grpcio or the stubs are not installed.
    """
    grpc = need("grpc", "serve")
    need("tensorflow_serving", "serve")
    from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

    settings = [
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.server(ThreadPoolExecutor(threads, "grpc"), options=settings)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(_Predictions(core), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(_Models(core, configuration, follower), server)
    try:
        bound = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError:
        raise EnvironmentProblem(f"port {port} cannot be listened at", hint="choose another with `--grpc-port`, or 0") from None
    server.start()
    return Rpc(server, bound)


class _Predictions:
    """PredictionService. Methods have the names of the protocol."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def Predict(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._predict(request, context))

    def Classify(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._examples(request, context, "classify"))

    def Regress(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._examples(request, context, "regress"))

    def MultiInference(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._multi(request, context))

    def GetModelMetadata(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._metadata(request))

    def _predict(self, request: Any, context: Any) -> Any:
        import tensorflow
        from tensorflow_serving.apis import predict_pb2

        name = request.model_spec.signature_name or DEFAULT
        inputs = {key: _array(tensorflow, value) for key, value in request.inputs.items()}

        def work(servable: Servable, version: int) -> Answer:
            outputs = predict(servable, name, inputs, request.output_filter)
            response = predict_pb2.PredictResponse()
            _name(response.model_spec, request.model_spec.name, version, name)
            for key, array in outputs.items():
                response.outputs[key].CopyFrom(tensorflow.make_tensor_proto(array))
            return Answer(response, inputs, outputs, name)

        return _body(self._core.answer(_asked(request.model_spec, context), work), context)

    def _examples(self, request: Any, context: Any, method: str) -> Any:
        import numpy
        from tensorflow_serving.apis import classification_pb2, regression_pb2

        name = request.model_spec.signature_name or DEFAULT
        given = serialized(request.input)
        inputs: Any = numpy.empty(len(given), object)
        inputs[:] = given

        def work(servable: Servable, version: int) -> Answer:
            if method == "classify":
                response = classification_pb2.ClassificationResponse()
                outputs = _fill_classes(response.result, classify(servable, name, given))
            else:
                response = regression_pb2.RegressionResponse()
                outputs = _fill_values(response.result, regress(servable, name, given))
            _name(response.model_spec, request.model_spec.name, version, name)
            return Answer(response, {"inputs": inputs}, outputs, name, examples=True)

        return _body(self._core.answer(_asked(request.model_spec, context), work), context)

    def _multi(self, request: Any, context: Any) -> Any:
        """Several classify and regress signatures of one model, on the same examples and by the same version."""
        from tensorflow_serving.apis import inference_pb2

        tasks = list(request.tasks)
        if not tasks:
            raise wrong("Inference request should have at least one task.")
        if len({task.model_spec.name for task in tasks}) > 1:
            raise wrong("All ModelSpecs in a MultiInferenceRequest must access the same model name.")
        given = serialized(request.input)

        def work(servable: Servable, version: int) -> Answer:
            response = inference_pb2.MultiInferenceResponse()
            for task in tasks:
                result = response.results.add()
                name = task.model_spec.signature_name or DEFAULT
                if task.method_name == "tensorflow/serving/classify":
                    _fill_classes(result.classification_result, classify(servable, name, given))
                elif task.method_name == "tensorflow/serving/regress":
                    _fill_values(result.regression_result, regress(servable, name, given))
                else:
                    raise Refused(Code.UNIMPLEMENTED, f"Unsupported signature method_name: {task.method_name}")
                _name(result.model_spec, task.model_spec.name, version, name)
            return Answer(response, {}, {})

        return _body(self._core.answer(_asked(tasks[0].model_spec, context), work), context)

    def _metadata(self, request: Any) -> Any:
        from google.protobuf import json_format
        from tensorflow_serving.apis import get_model_metadata_pb2

        if not request.HasField("model_spec"):
            raise wrong("Missing ModelSpec")
        if not request.metadata_field:
            raise wrong("GetModelMetadataRequest must specify at least one metadata_field")
        for field in request.metadata_field:
            if field != "signature_def":
                raise wrong(f"Metadata field {field} is not supported")
        version = self._core.resolve(_asked(request.model_spec))
        with self._core.versions.use(request.model_spec.name, version) as servable:
            signatures = {name: as_json(signature) for name, signature in servable.signatures.items()}
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = request.model_spec.name
        response.model_spec.version.value = version
        table = json_format.ParseDict({"signature_def": signatures}, get_model_metadata_pb2.SignatureDefMap(), ignore_unknown_fields=True)
        response.metadata["signature_def"].Pack(table)
        return response


class _Models:
    """ModelService."""

    def __init__(self, core: Core, configuration: Configuration, follower: Follower) -> None:
        self._core = core
        self._configuration = configuration
        self._follower = follower

    def GetModelStatus(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._status(request))

    def HandleReloadConfigRequest(self, request: Any, context: Any) -> Any:  # noqa: N802
        return _guarded(context, lambda: self._reload(request))

    def _status(self, request: Any) -> Any:
        from tensorflow_serving.apis import get_model_status_pb2

        if not request.HasField("model_spec"):
            raise wrong("Missing ModelSpec")
        response = get_model_status_pb2.GetModelStatusResponse()
        for entry in model_status(self._core, _asked(request.model_spec)):
            status = response.model_version_status.add(version=entry.version, state=STATES[entry.state])
            status.status.error_code = entry.code.number
            status.status.error_message = entry.message
        return response

    def _reload(self, request: Any) -> Any:
        from tensorflow_serving.apis import model_management_pb2

        from jupyter_mlops.serving.server.reload import reload

        reload(request.config, self._core, self._configuration, self._follower)
        response = model_management_pb2.ReloadConfigResponse()
        response.status.error_code = Code.OK.number
        return response


def _guarded(context: Any, work: Any) -> Any:
    import grpc

    codes = {code.value[0]: code for code in grpc.StatusCode}
    try:
        return work()
    except Refused as error:
        context.abort(codes[error.code.number], error.message)


def _asked(spec: Any, context: Any = None) -> Asked:
    sent = {item.key: item.value for item in context.invocation_metadata()} if context is not None else {}
    which = spec.WhichOneof("version_choice")
    version = spec.version.value if which == "version" else None
    label = spec.version_label if which == "version_label" else None
    return Asked(spec.name, version, label, sent.get("x-affinity-key"), sent.get("x-request-id", "")[:128])


def _body(answered: Any, context: Any) -> Any:
    context.set_trailing_metadata((("x-model-version", str(answered.version)), ("x-request-id", answered.request_id)))
    return answered.body


def _array(tensorflow: Any, proto: Any) -> Any:
    from tensorflow.core.framework import types_pb2

    name = types_pb2.DataType.Name(proto.dtype)
    if name not in NUMPY:
        raise Refused(Code.UNIMPLEMENTED, f"tensors of type {name} are not taken")
    try:
        return tensorflow.make_ndarray(proto)
    except ValueError as error:
        raise wrong(f"Tensor parsing error: {error}") from None


def _name(spec: Any, model: str, version: int, signature: str) -> None:
    spec.name, spec.signature_name, spec.version.value = model, signature, version


def _fill_classes(result: Any, rows: list[list[tuple[bytes, float]]]) -> dict[str, Any]:
    import numpy

    for row in rows:
        classes = result.classifications.add().classes
        for label, score in row:
            classes.add(label=label.decode(), score=score)
    return {"scores": numpy.array([[score for _, score in row] for row in rows], "float32")}


def _fill_values(result: Any, values: list[float]) -> dict[str, Any]:
    import numpy

    for value in values:
        result.regressions.add(value=value)
    return {"outputs": numpy.array(values, "float32")}
