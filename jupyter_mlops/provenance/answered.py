"""The id of a prediction → the model version that made it, from the prediction log of the local server."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.provenance.prediction_files import TRIES

if TYPE_CHECKING:
    from pathlib import Path

_IDS = ("prediction_id", "request_id")  # of one row, of a whole request


def answered(prediction_id: str, home_folder: Path) -> dict[str, Any]:
    """Find a prediction.

    Returns
    -------
    dict
        ``{"prediction", "model", "version"}`` and, where the log says it, ``"at"``.

    Raises
    ------
    EnvironmentProblem
        If there is no log of predictions.
    ValueError
        If the log holds no such prediction: it samples, or the prediction is another server's.
    """
    for _ in range(TRIES):
        try:
            return _search(prediction_id, sorted((home_folder / "monitoring").rglob("*.parquet")))
        except FileNotFoundError as error:  # merged since they were listed: the row is in the merged file now
            gone = error
    raise gone


def _search(prediction_id: str, files: list[Path]) -> dict[str, Any]:
    dataset = need("pyarrow.dataset", "drift")
    searched = 0
    for path in files:
        source = dataset.dataset(str(path), format="parquet")
        names = source.schema.names
        keys = [name for name in _IDS if name in names]
        if not keys or not {"model", "version"} <= set(names):
            continue  # another kind of file: a profile, a report's data
        searched += 1
        columns = ["model", "version", *(name for name in ("at", "time", "timestamp") if name in names)]
        wanted = functools.reduce(operator.or_, [dataset.field(key).cast("string") == prediction_id for key in keys])
        rows = source.to_table(columns=columns, filter=wanted).to_pylist()
        if rows:
            at = next((str(rows[0][name]) for name in columns[2:]), "")
            return {"prediction": prediction_id, "model": str(rows[0]["model"]), "version": str(rows[0]["version"]), "at": at}
    if not searched:
        raise EnvironmentProblem("there is no log of predictions here", hint="ml.monitor(model) starts one")
    raise ValueError(f"no prediction `{prediction_id}` is in the log ({searched} files): a log that samples keeps only some")
