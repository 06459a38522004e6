"""Reports in the form that KFP draws."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.runtime import reports, spec

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, {"accuracy": 0.5}),
        (np.float32(0.5), {"accuracy": 0.5}),
        ({"f1": np.float64(0.25), "n": 3, "name": "x", "bad": float("nan")}, {"f1": 0.25, "n": 3.0, "bad": "nan"}),
        (pd.Series({"a": 1.0, 2: 0.5}), {"a": 1.0, "2": 0.5}),
        (np.array(0.75), {"accuracy": 0.75}),
    ],
)
def test_metrics_are_numbers_under_keys(value: Any, expected: dict[str, Any]) -> None:
    metadata, text = reports.render("Metrics", value, "accuracy")
    assert metadata == expected
    assert json.loads(text) == expected


MATRIX = {
    "annotationSpecs": [{"displayName": "0"}, {"displayName": "1"}],
    "rows": [{"row": [3, 1]}, {"row": [0, 4]}],
}
NAMED = {**MATRIX, "annotationSpecs": [{"displayName": "cat"}, {"displayName": "dog"}]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array([[3, 1], [0, 4]]), MATRIX),
        ([[3, 1], [0, 4]], MATRIX),
        ({"labels": ["cat", "dog"], "matrix": np.array([[3, 1], [0, 4]])}, NAMED),
        ({"labels": np.array(["cat", "dog"]), "matrix": [[3, 1], [0, 4]]}, NAMED),
        (pd.DataFrame([[3, 1], [0, 4]], columns=["cat", "dog"]), NAMED),
    ],
    ids=["array", "lists", "labelled", "labelled array", "frame"],
)
def test_a_confusion_matrix_is_drawn(value: Any, expected: Any) -> None:
    assert reports.render("ClassificationMetrics", value, "m")[0] == {"confusionMatrix": expected}


def test_a_roc_curve_is_drawn_without_infinities() -> None:
    curve = (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.75, 1.0]), np.array([np.inf, 0.5, 0.25]))
    assert reports.render("ClassificationMetrics", curve, "m")[0] == {
        "confidenceMetrics": [
            {"confidenceThreshold": 0.5, "recall": 0.75, "falsePositiveRate": 0.5},
            {"confidenceThreshold": 0.25, "recall": 1.0, "falsePositiveRate": 1.0},
        ]
    }


@pytest.mark.parametrize(
    ("kind", "value"), [("Metrics", "text"), ("Metrics", {}), ("ClassificationMetrics", [[1, 2]]), ("ClassificationMetrics", 3)]
)
def test_what_is_no_report_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(spec.Failure, match=r"NB401.*`m`.*its report needs"):
        reports.render(kind, value, "m")


def test_a_step_writes_its_reports(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "score = 0.5\ntable = '<b>x</b>'\nnotes = '# t'\nmissing = None\ndel missing",
        reports={"score": "Metrics", "table": "HTML", "notes": "Markdown", "missing": "Metrics"},
    )
    assert (done.status, done.stderr) == (0, "")
    assert done.artifact("score-report")["metadata"] == {"score": 0.5}
    assert done.path("table-report").read_text() == "<b>x</b>"
    assert done.path("notes-report").read_text() == "# t"
    assert "missing-report" not in done.result["artifacts"]
