"""The same rows through the notebook's model and through what serves → the largest difference between their predictions, as a row's evidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy

from jupyter_mlops.evaluation import columns, packaged
from jupyter_mlops.evaluation.estimate import Estimate, undefined
from jupyter_mlops.evaluation.predictions import Unusable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jupyter_mlops.evaluation.evidence import Evidence

TOLERANCE = 1e-6
KEYS = ("rows", "max_abs_diff", "notebook", "served")


def replay(evidence: Evidence, wanted: Mapping[str, Any], confidence: float) -> Estimate:
    """Compare both paths on the same rows; nothing is estimated, so the interval has length 0.

    Parameters
    ----------
    evidence : Evidence
        The held-out rows, and the challenger that stands for the notebook unless `wanted` names another.
    wanted : mapping
        ``rows``: how many of the held-out rows, or raw rows of their own; ``notebook`` and ``served``: callables, models or predictions,
        ``served`` also a SavedModel's folder.
    confidence : float
        Of the gate; said in the report only.

    Returns
    -------
    Estimate
        The largest absolute difference; labels differ by 1, and infinitely where one path has no finite number or another shape. Undefined
        when a path cannot be asked.
    """
    rows = wanted.get("rows")
    asked = evidence.features if rows is None or isinstance(rows, int) else rows
    count = len(asked) if isinstance(asked, numpy.ndarray) else columns.height(asked)
    if isinstance(rows, int):
        count = min(count, rows)
        asked = packaged.part(asked, 0, count)
    if count == 0:
        return undefined(0, confidence, "there is no row to replay")
    served = wanted.get("served")
    if served is None:
        return undefined(
            count, confidence, "pass what serves as `skew={'served': …}`: a callable, its predictions, or a SavedModel's folder"
        )
    notebook = wanted.get("notebook", evidence.model)
    try:
        mine, theirs = (_answers(side, model, asked, count) for side, model in (("notebook", notebook), ("served model", served)))
        mine, theirs = _alike(mine, theirs, evidence)
    except (Unusable, TypeError) as error:
        return undefined(count, confidence, str(error))
    largest, differing = _distance(mine, theirs)
    note = f"{differing:,} of {count:,} rows are not the same" if differing else ""
    method = f"replay of {count:,} rows"
    return Estimate(value=largest, low=largest, high=largest, n=count, confidence=confidence, method=method, note=note)


def _answers(side: str, model: Any, rows: Any, count: int) -> NDArray[Any]:
    """Ask one path, or take the predictions that are given."""
    given = model
    if isinstance(model, str | Path) or callable(model) or hasattr(model, "predict"):
        named = getattr(model, "feature_names_in_", None)
        seen = rows if named is None or isinstance(rows, numpy.ndarray) else columns.only(rows, [str(name) for name in named])
        try:
            given = packaged.callable_of(model)(seen)
        except Unusable:
            raise
        except Exception as error:  # the user's code: whatever it raises is the finding
            raise Unusable(f"the {side} raised `{type(error).__name__}`: {' '.join(str(error).split())[:200]}") from error
    if isinstance(given, Mapping):
        if len(given) != 1:
            raise Unusable(f"the {side} gives {len(given)} outputs ({', '.join(sorted(map(str, given)))}): pass a callable that picks one")
        given = next(iter(given.values()))
    if hasattr(given, "to_numpy"):
        given = given.to_numpy()
    found = numpy.asarray(given.numpy() if hasattr(given, "numpy") else given)
    if found.ndim and len(found) > count and given is model:
        found = found[:count]
    if not found.ndim or len(found) != count:
        raise Unusable(f"the {side} gave {len(found) if found.ndim else 1:,} answers for {count:,} rows")
    return found.reshape(count, -1)


def _alike(mine: NDArray[Any], theirs: NDArray[Any], evidence: Evidence) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hold the probabilities of two classes against the scores of the positive one, where one path gives these and the other those."""
    chosen = evidence.truth.positive if evidence.truth is not None else 1
    if (mine.shape[1], theirs.shape[1]) == (2, 1):
        return mine[:, [chosen]], theirs
    if (mine.shape[1], theirs.shape[1]) == (1, 2):
        return mine, theirs[:, [chosen]]
    return mine, theirs


def _distance(mine: NDArray[Any], theirs: NDArray[Any]) -> tuple[float, int]:
    """Give the largest difference, and how many rows differ at all."""
    if mine.shape != theirs.shape:
        return numpy.inf, len(mine)
    if mine.dtype.kind not in "biuf" or theirs.dtype.kind not in "biuf":
        differs = (_texts(mine) != _texts(theirs)).any(axis=1)
        return float(differs.any()), int(differs.sum())
    a, b = mine.astype(float), theirs.astype(float)
    same = (a == b) | (numpy.isnan(a) & numpy.isnan(b))
    with numpy.errstate(invalid="ignore"):
        away = numpy.where(same, 0.0, numpy.abs(a - b))
    away = numpy.where(numpy.isnan(away), numpy.inf, away)
    return float(away.max(initial=0.0)), int((~same).any(axis=1).sum())


def _texts(values: NDArray[Any]) -> NDArray[Any]:
    found = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in values.reshape(-1).tolist()]
    return numpy.asarray(found, dtype=object).reshape(values.shape)
