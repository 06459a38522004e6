"""A fitted model → a folder in MLflow's format, without pickle, and without MLflow's search for requirements (a minute of imports)."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.training.origins import pins

if TYPE_CHECKING:
    from pathlib import Path

_TRUSTED = ("sklearn.", "numpy.", "scipy.")


def save_model(model: Any, path: Path, example: Any = None) -> None:
    """Write a model.

    Raises
    ------
    TypeError
        If it is no scikit-learn estimator and no Keras model, or holds parts of other libraries that skops does not know.
    """
    kinds = {base.__module__.partition(".")[0] for base in type(model).__mro__}
    signature = _signature(model, example)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries about their own future
        if "keras" in kinds:
            import mlflow.tensorflow

            needed = pins(("tensorflow", "tensorflow-cpu", "keras", "numpy"))
            mlflow.tensorflow.save_model(model, str(path), pip_requirements=needed, signature=signature)
            return
        if "sklearn" not in kinds:
            raise TypeError(f"a scikit-learn or Keras model is expected, not `{type(model).__name__}`")
        skops = need("skops.io", "sklearn")
        foreign = [each for each in skops.get_untrusted_types(data=skops.dumps(model)) if not each.startswith(_TRUSTED)]
        if foreign:
            raise TypeError(f"the model holds `{foreign[0]}`, which cannot be kept without pickle; give it a class of scikit-learn")
        import mlflow.sklearn

        own = skops.get_untrusted_types(data=skops.dumps(model))
        needed = pins(("scikit-learn", "skops", "numpy", "scipy", "pandas"))
        mlflow.sklearn.save_model(
            model, str(path), serialization_format="skops", skops_trusted_types=own, pip_requirements=needed, signature=signature
        )


def _signature(model: Any, example: Any) -> Any:
    if example is None:
        return None
    from mlflow.models import infer_signature

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return infer_signature(example, model.predict(example))
