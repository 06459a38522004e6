"""Truths that arrive after the answers → the online metric of each version, which a rollout's `metric` guard reads.

A truth is kept in the serving database, joined with the prediction log by its id, scored in [0, 1] (1 is best), and counted once. One that
comes before its answer is on disk waits; the rollout's controller looks again at each analysis.

While both versions of a rollout answer, a truth counts in the second in which it arrives: a sequential test allows looking at any time only
if evidence is added at its end. Answers from before the rollout count in their own second, as what the stable version did before.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.place import home
from jupyter_mlops.provenance.prediction_files import read_live
from jupyter_mlops.serving.rollout.records import Evidence, Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jupyter_mlops.serving.rollout.store import Store

FIRST = ("label", "probabilities", "scores", "predictions")
"""Outputs that are the prediction where there are several."""


class Reported(NamedTuple):
    """How many truths count now that did not before, and how many wait for their answers."""

    counted: int
    waiting: int


class _Answer(NamedTuple):
    prediction_id: str
    version: int
    at: float
    outputs: Mapping[str, Any]


def report(
    model: str, labels: Mapping[str, Any], *, span: float | None = None, output: str = "", home_folder: Path | None = None
) -> Reported:
    """Say what turned out to be true of single answers.

    Parameters
    ----------
    model : str
        The model's name in service.
    labels : dict
        Request id (``X-Request-Id``; for one row of several ``REQUEST/ROW``) → the truth: a class, a truth value or a number.
    span : float, optional
        Where numbers are predicted: an error of this size, in the label's unit, scores 0. Without it, a number is a probability of the
        label 1 and scores ``1 − (p − label)²`` (Brier); classes score 1 when they are right.
    output : str, optional
        The output that is the prediction; found by its name if not given.
    home_folder : Path, optional
        That of the verbs if not given.

    Raises
    ------
    ValueError
        If a label is empty, or cannot be compared with its prediction.
    """
    from jupyter_mlops.serving.rollout.store import Store

    if span is not None and not span > 0:
        raise ValueError(f"`span` is the size of an error that scores 0, above 0; found {span:g}")
    now = time.time()
    truths = [Truth(key if "/" in key else f"{key}/0", _plain(key, value), span, output, now) for key, value in labels.items()]
    folder = home() if home_folder is None else home_folder
    with Store(folder / "serving" / "serving.db") as store:
        store.add_truths(model, truths)
        counted, strange = join(store, model, now)
        waiting = len(store.waiting_truths(model))
    mine = sorted(strange & {one.prediction_id for one in truths})
    if mine:
        raise ValueError(
            f"{len(mine)} labels of `{model}` cannot be compared with their predictions, such as that of `{mine[0]}`; expected a class, a "
            "label in [0, 1] for a probability, or `span=` for other numbers"
        )
    return Reported(counted, waiting)


def join(store: Store, model: str, now: float) -> tuple[int, frozenset[str]]:
    """Count the waiting truths whose answers are in the log; gives how many, and the ids of those that cannot be compared."""
    waiting = {one.prediction_id: one for one in store.waiting_truths(model)}
    if not waiting:
        return 0, frozenset()
    began = _began(store, model)
    scores: dict[str, Evidence] = {}
    strange = set()
    for answer in _find(store.path.parent.parent / "monitoring" / "predictions" / model, waiting):
        truth = waiting[answer.prediction_id]
        value = score(_prediction(answer.outputs, truth.output), truth.truth, truth.span)
        if value is None:
            strange.add(answer.prediction_id)
            continue
        second = math.floor(now if began is not None and answer.at >= began else answer.at)
        scores[answer.prediction_id] = Evidence(model, str(answer.version), second, labels=1, label_score=value)
    return store.count_truths(model, scores), frozenset(strange)


def score(prediction: Any, truth: float | str, span: float | None) -> float | None:
    """Score one prediction in [0, 1]; None if it cannot be compared.

    Parameters
    ----------
    prediction : a class (text, whole number, truth value), scores of classes, or one number
    truth : the class, the place of the class among the scores, or the number
    span : see `report`
    """
    if isinstance(prediction, list):
        if len(prediction) != 1:
            return float(_same(max(range(len(prediction)), key=prediction.__getitem__), truth)) if prediction else None
        return score(prediction[0], truth, span)
    if prediction is None:
        return None
    if isinstance(prediction, float):
        if isinstance(truth, str) or not math.isfinite(prediction):
            return None if isinstance(truth, str) else 0.0
        if span is not None:
            return float(max(0.0, 1 - abs(prediction - truth) / span))
        return float(1 - (prediction - truth) ** 2) if 0 <= prediction <= 1 and 0 <= truth <= 1 else None
    if span is not None and not isinstance(prediction, str) and not isinstance(truth, str):
        return float(max(0.0, 1 - abs(prediction - truth) / span))
    return float(_same(prediction, truth))


def _plain(key: str, value: Any) -> float | str:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, bool | int):
        return int(value)
    if not isinstance(value, str | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"the label of `{key}` is {value!r}; expected a class, a truth value or a finite number")
    return value


def _same(prediction: Any, truth: float | str) -> bool:
    try:
        return float(prediction) == float(truth)
    except ValueError:
        return str(prediction) == str(truth)


def _began(store: Store, model: str) -> float | None:
    """Say since when a candidate answers too; None outside of a rollout."""
    rollout = store.rollout(model)
    if rollout is None or rollout.state.get("stage") not in {"CANARY", "BAKING", "HELD"}:
        return None
    candidate, started = rollout.state["candidate"], rollout.state["started"]
    times = [each.at for each in store.transitions(model) if each.version == candidate and each.to_state == "CANARY" and each.at >= started]
    return min(times, default=None)


def _find(folder: Path, ids: Iterable[str]) -> list[_Answer]:
    """Read the logged answers with these ids."""
    pyarrow = need("pyarrow", "drift")
    wanted = pyarrow.array(list(ids), pyarrow.string())

    def read(files: list[Path]) -> list[_Answer]:
        found: list[_Answer] = []
        for path in files:
            try:
                found += _rows(path, wanted)
            except pyarrow.ArrowException as error:
                raise EnvironmentProblem(
                    f"the prediction log `{path.name}` cannot be read: {error}", hint=f"take it out of {folder}"
                ) from None
        return found

    return read_live(folder, read)


def _rows(path: Path, wanted: Any) -> list[_Answer]:
    from pyarrow import compute, parquet

    with parquet.ParquetFile(path) as file:
        hits = compute.is_in(file.read(["prediction_id"]).column(0), wanted)
        if not compute.any(hits).as_py():
            return []
        names = [name for name in file.schema_arrow.names if name.startswith("output.")]
        rows = file.read(["prediction_id", "version", "at", *names]).filter(hits).to_pylist()
    return [
        _Answer(row["prediction_id"], row["version"], row["at"].timestamp(), {name.removeprefix("output."): row[name] for name in names})
        for row in rows
    ]


def _prediction(outputs: Mapping[str, Any], output: str) -> Any:
    name = output or (next(iter(outputs)) if len(outputs) == 1 else next((name for name in FIRST if name in outputs), ""))
    value = outputs.get(name)
    return str(value) if name == "label" and isinstance(value, float) else value  # a class, though written as a number with a fraction
