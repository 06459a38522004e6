"""True labels as they come in (a file, a folder of files, a frame, a function) → the error of each answer that they belong to."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.feedback.history import Labelled

if TYPE_CHECKING:
    from jupyter_mlops.feedback.served import Served

KEYS = ("prediction_id", "request_id")
SCORES = ("probabilities", "scores")


def read_labels(labels: Any) -> Any:
    """Read labels as an Arrow table with `prediction_id`, `label` and `explored`, in the order in which they stand there.

    Parameters
    ----------
    labels : path, frame, Arrow table or callable
        Has a column ``label`` and the column ``prediction_id``, or ``request_id`` where each request had one row; perhaps ``explored``: whether
        the action was drawn at random and not by the model. A path is a Parquet or CSV file, or a folder of Parquet files, and need not be there
        yet; a callable gives any of the others.

    Raises
    ------
    ValueError
        If a column is missing.
    EnvironmentProblem
        If a file cannot be read.
    """
    pyarrow = need("pyarrow", "drift")
    given = labels() if callable(labels) else labels
    if given is None or (isinstance(given, str | Path) and not Path(given).exists()):
        return pyarrow.table(
            {"prediction_id": pyarrow.array([], "string"), "label": pyarrow.array([], "string"), "explored": pyarrow.array([], "bool")}
        )
    table = _read(Path(given)) if isinstance(given, str | Path) else given
    if not isinstance(table, pyarrow.Table):
        table = pyarrow.Table.from_pandas(table, preserve_index=False)
    names = table.schema.names
    key = next((name for name in KEYS if name in names), None)
    if key is None or "label" not in names:
        found = ", ".join(f"`{name}`" for name in names)
        raise ValueError(f"labels have the columns {found}; expected `label` and `prediction_id` (or `request_id`)")
    ids = table.column(key).cast("string")
    if key == "request_id":
        ids = pyarrow.compute.binary_join_element_wise(ids, "0", "/")
    explored = table.column("explored").cast("bool") if "explored" in names else pyarrow.nulls(table.num_rows, "bool")
    return pyarrow.table({"prediction_id": ids, "label": table.column("label"), "explored": explored.fill_null(fill_value=False)})


def errors_of(served: Served, labels: Any, *, output: str | None = None) -> list[Labelled]:
    """Join answers with labels; those without a label, and labels that are null or not a number, are left out.

    Parameters
    ----------
    served : Served
        Answers.
    labels : Arrow table
        From `read_labels`.
    output : str, optional
        The output that is the prediction; by default the one of `predictions`.

    Returns
    -------
    list of Labelled
        In the labels' order. The error is 0 or 1 where classes are predicted, |prediction − label| where numbers are.
    """
    if not served.rows or not labels.num_rows:
        return []
    values, classes = predictions(served, output)
    place = {name: at for at, name in enumerate(served.about.column("prediction_id").to_pylist())}
    versions, times = served.about.column("version").to_pylist(), served.about.column("at").to_pylist()
    found = []
    rows = zip(*(labels.column(name).to_pylist() for name in ("prediction_id", "label", "explored")), strict=True)
    for name, label, explored in rows:
        at = place.get(name)
        if at is None or label is None or label != label or values[at] is None:  # noqa: PLR0124 - NaN is what differs from itself
            continue
        error = float(not _same(values[at], label)) if classes else abs(float(values[at]) - float(label))
        found.append(Labelled(name, times[at], versions[at], error, explored))
    return found


def predictions(served: Served, output: str | None = None) -> tuple[list[Any], bool]:
    """Give each row's prediction, and whether it is a class.

    The output ``label`` goes first; else the place of the largest of several scores; else ``predictions`` or the only output, whose numbers
    with a fraction are no classes.

    Raises
    ------
    ValueError
        If the output is not there, or nothing says which one it is.
    """
    import numpy

    names = served.outputs.schema.names
    if output is None and "label" in names:
        output = "label"
    for stem in [output] if output else [*SCORES, *sorted({name.partition("[")[0] for name in names})]:
        parts = sorted((name for name in names if name.startswith(f"{stem}[")), key=lambda name: int(name.partition("[")[2][:-1]))
        if len(parts) > 1:
            return numpy.stack([served.outputs.column(name).to_numpy() for name in parts]).argmax(axis=0).tolist(), True
        if len(parts) == 1:
            output = parts[0]
    if output is None:
        output = "predictions" if "predictions" in names else names[0] if len(names) == 1 else None
    if output not in names:
        found = ", ".join(f"`{name}`" for name in names)
        raise ValueError(f"nothing says which output is the prediction: found {found}; expected `output=` with one of them")
    values = served.outputs.column(output).to_pylist()
    numbers = [value for value in values if isinstance(value, float)]
    return values, all(value == math.floor(value) for value in numbers if math.isfinite(value))


def _same(prediction: Any, label: Any) -> bool:
    """Compare as numbers where both are, else as text: a CSV file and a model need not agree on the type of a class."""
    try:
        return float(prediction) == float(label)
    except (TypeError, ValueError):
        return str(prediction) == str(label)


def _read(path: Path) -> Any:
    pyarrow = need("pyarrow", "drift")
    from pyarrow import csv, parquet

    try:
        if path.is_dir():
            tables = [parquet.ParquetFile(file).read() for file in sorted(path.glob("*.parquet"))]
            return pyarrow.concat_tables(tables, promote_options="permissive") if tables else read_labels(None)
        return csv.read_csv(path) if path.suffix == ".csv" else parquet.ParquetFile(path).read()
    except (OSError, pyarrow.ArrowException) as error:
        raise EnvironmentProblem(f"the labels in `{path.name}` cannot be read: {error}", hint="expected Parquet or CSV") from error
