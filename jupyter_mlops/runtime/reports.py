"""A notebook value → a KFP report: metrics, classification metrics, HTML or Markdown, in the form that KFP's pages draw."""

from __future__ import annotations

import json
import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .spec import Exchange, Step


def send(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Write the reports whose names are bound."""
    for report in step["reports"]:
        if report["name"] in names:
            metadata, text = render(report["kind"], names[report["name"]], report["name"])
            exchange.send_text(report["port"], text, metadata)


def render(kind: str, value: Any, name: str) -> tuple[dict[str, Any], str]:
    """Give the metadata and the text of a report."""
    if kind in ("HTML", "Markdown"):
        method = getattr(value, f"_repr_{kind.lower()}_", None)
        return {}, str(method() if callable(method) else value)
    metadata = metrics(value, name) if kind == "Metrics" else classification(value, name)
    return metadata, json.dumps(metadata, indent=1)


def metrics(value: Any, name: str) -> dict[str, Any]:
    """Give every number a key; what is not finite becomes text, which JSON can carry."""
    items = dict(value.items()) if hasattr(value, "items") else {name: value}
    numbers = {str(key): number(item) for key, item in items.items()}
    found = {key: item if math.isfinite(item) else str(item) for key, item in numbers.items() if item is not None}
    if not found:
        raise unfit(value, name, "a number or a dict of numbers")
    return found


def number(value: Any) -> Any:
    """Give a float for whatever is a number, also NumPy's and a 0-d tensor; None for all else."""
    if isinstance(value, str):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def classification(value: Any, name: str) -> dict[str, Any]:
    """Give a confusion matrix (square, or ``{"labels", "matrix"}``) or an ROC curve (``fpr, tpr, thresholds``)."""
    if isinstance(value, tuple) and len(value) == 3:
        rows = list(zip(*(plain(column) for column in value)))
        return {
            "confidenceMetrics": [
                {"confidenceThreshold": threshold, "recall": recall, "falsePositiveRate": false_positives}
                for false_positives, recall, threshold in rows
                if all(map(math.isfinite, (false_positives, recall, threshold)))
            ]
        }
    labels = None
    if isinstance(value, dict):
        labels, value = value.get("labels"), value.get("matrix")
    elif hasattr(value, "columns"):
        labels, value = list(value.columns), value.to_numpy()
    matrix = plain(value)
    if not isinstance(matrix, list) or not all(isinstance(row, list) and len(row) == len(matrix) for row in matrix):
        raise unfit(value, name, "a square confusion matrix or (fpr, tpr, thresholds)")
    names = [str(label) for label in (range(len(matrix)) if labels is None else labels)]
    return {
        "confusionMatrix": {
            "annotationSpecs": [{"displayName": label} for label in names],
            "rows": [{"row": row} for row in matrix],
        }
    }


def plain(value: Any) -> Any:
    """Turn arrays and series into lists."""
    return value.tolist() if hasattr(value, "tolist") else list(map(plain, value)) if isinstance(value, (list, tuple)) else value


def unfit(value: Any, name: str, wanted: str) -> Exception:
    """Say that a value is not what a report is made of."""
    from .spec import Failure

    return Failure("NB401", f"`{name}` is a {type(value).__name__}, and its report needs {wanted}")
