"""A notebook value → a KFP report: metrics, classification metrics, HTML or Markdown, in the form that KFP's pages draw."""

from __future__ import annotations

import json
import math

from .spec import Failure, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .spec import Exchange, Step


def send(names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Write the reports whose names are bound."""
    for report in step["reports"]:
        if report["name"] in names:
            metadata, text = render(report["kind"], names[report["name"]], report["name"])
            exchange.send(report["port"], write_text, text, metadata)


def render(kind: str, value: Any, name: str) -> tuple[dict[str, Any], str]:
    """Give the metadata and the text of a report."""
    if kind in ("HTML", "Markdown"):
        return {}, str(getattr(value, f"_repr_{kind.lower()}_", lambda: value)())
    if kind == "Metrics":
        wanted, metadata = "a number or a dict of numbers", metrics(value, name)
    else:
        from .classification import classification

        wanted, metadata = "a square confusion matrix or (fpr, tpr, thresholds)", classification(value)
    if not metadata:
        raise Failure("NB401", f"`{name}` is a {type(value).__name__}, and its report needs {wanted}")
    return metadata, json.dumps(metadata)


def metrics(value: Any, name: str) -> dict[str, Any]:
    """Give every number a key, also NumPy's and a 0-d tensor; what is not finite becomes text, which JSON can carry."""
    found: dict[str, Any] = {}
    for key, item in value.items() if hasattr(value, "items") else [(name, value)]:
        try:
            number = float(item + 0)  # a text of digits is no number
            found[str(key)] = number if math.isfinite(number) else str(number)
        except (TypeError, ValueError):
            continue
    return found
