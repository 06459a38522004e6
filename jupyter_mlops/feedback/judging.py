"""The answers of one window, and what they are compared with → the JSON that the history keeps of it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from jupyter_mlops.feedback.history import Judged
from jupyter_mlops.feedback.labels import SCORES, predictions
from jupyter_mlops.feedback.movements import movements
from jupyter_mlops.feedback.reading import Z

if TYPE_CHECKING:
    from jupyter_mlops.feedback.served import Served
    from jupyter_mlops.monitoring.sketch import Profile

PREDICTION = "prediction"


def judge(
    served: Served,
    start: float,
    end: float,
    *,
    reference: Profile | None,
    before: Profile | None,
    minimum_rows: int,
    minimum_effect: float,
    output: str | None,
) -> Judged:
    """Judge one window.

    Parameters
    ----------
    served : Served
        Its answers.
    start, end : float
        Its limits, in seconds since 1970.
    reference : Profile, optional
        Of the training data: what inputs are compared with.
    before : Profile, optional
        Of the same version's predictions in its first window: what predictions are compared with.
    minimum_rows : int
        A smaller window is counted and not judged.
    minimum_effect : float
        See `movements`.
    output : str, optional
        See `labels.predictions`.
    """
    from jupyter_mlops.monitoring.sketch import profile

    versions = Counter(served.about.column("version").to_pylist())
    version = min(versions, key=lambda each: (-versions[each], each)) if versions else None
    body: dict[str, Any] = {}
    if served.rows < minimum_rows:
        body["note"] = f"{served.rows} rows, {minimum_rows} are needed to judge"
        return Judged(start, end, served.rows, version, body)
    if reference is not None:
        inputs = named_as(served.inputs, list(reference.columns))
        kept = [name for name in inputs.schema.names if name in reference.columns]
        current = profile(inputs, columns=kept, like=reference) if kept else type(reference)({}, served.rows)
        body["features"] = movements(reference, current, minimum_effect=minimum_effect)
    values, classes = predictions(served, output)
    body["classes"] = classes
    if before is not None:
        moved = movements(before, profile(prediction_table(values, classes=classes), like=before), minimum_effect=minimum_effect)
        body["prediction"] = moved[PREDICTION]
    estimate = expected_accuracy(served) if classes else None
    if estimate is not None:
        body["estimates"] = {"accuracy": list(estimate)}
    return Judged(start, end, served.rows, version, body)


def prediction_table(values: list[Any], *, classes: bool) -> Any:
    """Make predictions a table of one column: classes as text, numbers as they are."""
    import pyarrow

    return pyarrow.table({PREDICTION: [None if value is None else str(value) for value in values] if classes else values})


def named_as(inputs: Any, names: list[str]) -> Any:
    """Give a matrix input the names of the columns that it was trained on: same number, same order."""
    own = inputs.schema.names
    stems = {name.partition("[")[0] for name in own}
    if len(stems) == 1 and len(own) == len(names) and not set(own) & set(names):
        return inputs.rename_columns(names)
    return inputs


def expected_accuracy(served: Served) -> tuple[float, float, float] | None:
    """Estimate accuracy from confidence alone: the mean of the largest probability is the share of right answers of a calibrated model.

    It cannot see a concept that changed while the inputs look the same, and it is as wrong as the probabilities are.

    Source
    ------
    Guo et al. 2017, "On calibration of modern neural networks", section 2
    """
    import numpy

    for stem in SCORES:
        parts = [name for name in served.outputs.schema.names if name.startswith(f"{stem}[")]
        if len(parts) < 2:
            continue
        largest = numpy.stack([served.outputs.column(name).to_numpy() for name in parts]).max(axis=0)
        if not numpy.isfinite(largest).all() or largest.min() < 0 or largest.max() > 1 + 1e-6:
            return None
        mean = float(largest.mean())
        # Each row is right or not with its own probability; that is what one window's accuracy varies by.
        half = Z * math.sqrt(float((largest * (1 - largest)).sum().clip(min=0))) / len(largest)
        return mean, max(mean - half, 0.0), min(mean + half, 1.0)
    return None
