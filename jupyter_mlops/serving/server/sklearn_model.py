"""A folder with a scikit-learn model (skops, never pickle) → a servable. TensorFlow is not needed.

The folder holds ``model.skops`` and ``signature.json`` (see `jupyter_mlops.serving.export`). skops builds only types that are on its own list
and scikit-learn's; anything else in the file is refused, because loading it could run code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.serving.server.signature import DEFAULT, Signature, Tensor
from jupyter_mlops.serving.server.status import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MODEL, SIGNATURE = "model.skops", "signature.json"


class SklearnModel:
    """One scikit-learn estimator or pipeline in memory.

    A classifier gives ``probabilities`` (rows, classes) and ``label`` (rows); anything else gives one output, ``predictions``.
    """

    def __init__(self, folder: Path) -> None:
        skops = need("skops.io", "sklearn")
        path = folder / MODEL
        strangers = skops.get_untrusted_types(file=path)
        if strangers:
            raise ValueError(f"the model holds types that are not loaded from a file: {', '.join(sorted(strangers))}")
        self._model = skops.load(path)
        described = json.loads((folder / SIGNATURE).read_text(encoding="utf-8"))
        self._columns: bool = described["columns"]
        self.signatures = {DEFAULT: Signature(_tensors(described["inputs"]), _tensors(described["outputs"]))}

    def run(self, signature: str, inputs: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - there is one signature
        """Predict one batch."""
        try:
            return predict(self._model, self._frame(inputs) if self._columns else next(iter(inputs.values())))
        except Exception as error:  # whatever an estimator raises
            raise Refused(Code.INVALID_ARGUMENT, f"{type(error).__name__}: {error}", model_failed=True) from error

    def _frame(self, inputs: Mapping[str, Any]) -> Any:
        pandas = need("pandas", "data")
        text = {name: [_text(value) for value in array] if array.dtype == object else array for name, array in inputs.items()}
        names = getattr(self._model, "feature_names_in_", list(text))
        return pandas.DataFrame({name: text[name] for name in names})


def predict(model: Any, rows: Any) -> dict[str, Any]:
    """Call an estimator; the outputs are those of `SklearnModel`."""
    import numpy

    if not hasattr(model, "predict_proba"):
        return {"predictions": numpy.asarray(model.predict(rows))}
    probabilities = numpy.asarray(model.predict_proba(rows))
    labels = numpy.asarray(model.classes_)[probabilities.argmax(axis=1)]
    if labels.dtype.kind in "OU":
        labels = numpy.array([str(label).encode() for label in labels], object)
    return {"label": labels, "probabilities": probabilities}


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _tensors(described: Mapping[str, Any]) -> dict[str, Tensor]:
    return {name: Tensor(dtype, tuple(shape), name) for name, (dtype, shape) in sorted(described.items())}
