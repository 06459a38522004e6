"""Python type → KFP artifact type, by dotted path, never by variable name."""

from __future__ import annotations

from nb2pipe.ir.pipeline import ArtifactType

EXACT = {
    "pandas.DataFrame": ArtifactType.DATASET,
    "pandas.Series": ArtifactType.DATASET,
    "polars.DataFrame": ArtifactType.DATASET,
    "pyarrow.Table": ArtifactType.DATASET,
    "numpy.ndarray": ArtifactType.DATASET,
    "tensorflow.data.Dataset": ArtifactType.DATASET,
    "torch.utils.data.TensorDataset": ArtifactType.DATASET,
}

MODEL_PACKAGES = ("sklearn.", "keras.", "tensorflow.keras.", "torch.nn.", "xgboost.", "lightgbm.", "catboost.", "statsmodels.", "river.")
"""A class of one of these is a model…"""

NOT_MODELS = (
    "sklearn.utils.",
    "sklearn.model_selection._split",
    "keras.utils.",
    "tensorflow.keras.utils.",
    "xgboost.DMatrix",
    "lightgbm.Dataset",
)
"""… unless it stands here."""

NATIVE = (
    "pandas.",
    "numpy.",
    "polars.",
    "pyarrow.",
    "sklearn.",
    "keras.",
    "tensorflow.",
    "torch.",
    "xgboost.",
    "lightgbm.",
    "matplotlib.",
    "plotly.",
)
"""Libraries whose objects have a serializer of their own, so that no pickle is needed."""

PLAIN = frozenset("int float str bool bytes list dict tuple NoneType".split())
"""Types that need no library to be stored."""


def artifact_type_of(type_: str) -> ArtifactType:
    """Return the artifact type for a dotted path; ARTIFACT when nothing better is known."""
    if type_ in EXACT:
        return EXACT[type_]
    if type_.startswith(MODEL_PACKAGES) and not type_.startswith(NOT_MODELS):
        return ArtifactType.MODEL
    return ArtifactType.ARTIFACT
