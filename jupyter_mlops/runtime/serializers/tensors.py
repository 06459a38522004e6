"""TensorFlow tensors and variables ↔ serialized tensors; modules ↔ SavedModel."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def save(value: Any, path: str) -> Optional[str]:
    """Write a tensor, a variable or a plain `tf.Module`."""
    import tensorflow

    if isinstance(value, tensorflow.Variable):
        encoding, rest = "tensorflow-variable", {"trainable": value.trainable, "name": value.name.partition(":")[0]}
    elif tensorflow.is_tensor(value) and hasattr(value, "numpy") and not hasattr(value, "values"):
        encoding, rest = "tensorflow-tensor", {}
    else:  # what tf.saved_model.load gives
        return save_savedmodel(value, path) if type(value).__name__ == "_UserObject" else None
    tensorflow.io.write_file(path + ".tensor", tensorflow.io.serialize_tensor(value))
    with open(path + ".json", "w") as file:
        json.dump({"dtype": value.dtype.name, **rest}, file)
    return encoding


def save_savedmodel(value: Any, path: str) -> str:
    """Write what TensorFlow Serving reads, of a Keras model or a module; it comes back with its signatures, not with its class."""
    import tensorflow

    if hasattr(value, "export"):
        value.export(path, verbose=False)
    else:
        tensorflow.saved_model.save(value, path)
    return "savedmodel"


def load(encoding: str, path: str) -> Any:
    """Read what `save` wrote."""
    import tensorflow

    if encoding == "savedmodel":
        return tensorflow.saved_model.load(path)
    with open(path + ".json") as file:
        rest = json.load(file)
    tensor = tensorflow.io.parse_tensor(tensorflow.io.read_file(path + ".tensor"), rest.pop("dtype"))
    return tensor if encoding == "tensorflow-tensor" else tensorflow.Variable(tensor, **rest)
