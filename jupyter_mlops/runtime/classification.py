"""A confusion matrix or a ROC curve → KFP's classification metrics."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def classification(value: Any) -> dict[str, Any]:
    """Give a confusion matrix (square, or ``{"labels", "matrix"}``) or an ROC curve (``fpr, tpr, thresholds``), else nothing."""
    if isinstance(value, tuple) and len(value) == 3:
        keys = ("falsePositiveRate", "recall", "confidenceThreshold")
        rows = zip(*map(plain, value))
        return {"confidenceMetrics": [dict(zip(keys, row)) for row in rows if all(map(math.isfinite, row))]}
    labels = getattr(value, "columns", None)
    if isinstance(value, dict):
        labels, value = value.get("labels"), value.get("matrix")
    matrix = plain(value.to_numpy() if hasattr(value, "to_numpy") else value)
    if not isinstance(matrix, list) or any(not isinstance(row, list) or len(row) != len(matrix) for row in matrix):
        return {}
    names = [{"displayName": str(label)} for label in (range(len(matrix)) if labels is None else labels)]
    return {"confusionMatrix": {"annotationSpecs": names, "rows": [{"row": row} for row in matrix]}}


def plain(value: Any) -> Any:
    """Turn arrays and series into lists."""
    return value.tolist() if hasattr(value, "tolist") else list(map(plain, value)) if isinstance(value, (list, tuple)) else value
