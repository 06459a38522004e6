"""A SavedModel's folder → a servable: its signatures, called with arrays, warmed up with its own requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.serving.server.signature import Signature, Tensor
from jupyter_mlops.serving.server.status import BY_NUMBER, Code, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WARMUP = "assets.extra/tf_serving_warmup_requests"
_INITIALIZER = "__saved_model_init_op"


class SavedModel:
    """One SavedModel in memory. Calls may come from several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._tensorflow = need("tensorflow", "tensorflow")
        self._loaded = self._tensorflow.saved_model.load(str(folder))  # kept: its variables die with it
        self._functions = dict(self._loaded.signatures)
        self.signatures = {name: signature for name, signature in _read_signatures(folder).items() if name in self._functions}
        if not self.signatures:
            raise ValueError("the SavedModel has no signature to serve; export it with `signatures=`")
        self._warm_up(folder)

    def run(self, signature: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Call one signature."""
        try:
            tensors = {name: self._tensorflow.constant(array) for name, array in inputs.items()}
            outputs = self._functions[signature](**tensors)
            return {name: tensor.numpy() for name, tensor in outputs.items()}
        except self._tensorflow.errors.OpError as error:
            raise Refused(BY_NUMBER.get(error.error_code, Code.UNKNOWN), error.message, model_failed=True) from None
        except Exception as error:  # whatever Python code a model brings
            raise Refused(Code.INTERNAL, f"{type(error).__name__}: {error}", model_failed=True) from error

    def _warm_up(self, folder: Path) -> None:
        path = folder / WARMUP
        if not path.is_file():
            return
        from tensorflow_serving.apis import prediction_log_pb2

        from jupyter_mlops.serving.server.inference import answer_log

        for record in self._tensorflow.data.TFRecordDataset(str(path)).as_numpy_iterator():
            answer_log(self, prediction_log_pb2.PredictionLog.FromString(record))


def _read_signatures(folder: Path) -> dict[str, Signature]:
    from tensorflow.core.protobuf import saved_model_pb2

    content = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    graph = next(graph for graph in content.meta_graphs if "serve" in graph.meta_info_def.tags)
    return {
        name: Signature(_tensors(definition.inputs), _tensors(definition.outputs), definition.method_name)
        for name, definition in sorted(graph.signature_def.items())
        if name != _INITIALIZER
    }


def _tensors(infos: Mapping[str, Any]) -> dict[str, Tensor]:
    from tensorflow.core.framework import types_pb2

    found = {}
    for name, info in sorted(infos.items()):
        shape = None if info.tensor_shape.unknown_rank else tuple(dim.size for dim in info.tensor_shape.dim)
        found[name] = Tensor(types_pb2.DataType.Name(info.dtype), shape, info.name)
    return found
