"""The server's Parquet files of answers → one Arrow table of a span of time: the inputs under their own names, the outputs, who answered.

An input of several numbers a row becomes a column for each place, ``x[0]``, ``x[1]``, …, up to `MOST_PLACES`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.place import home
from jupyter_mlops.provenance.prediction_files import read_live

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_PLACES = 1024
OURS = ("prediction_id", "request_id", "row", "at", "model", "version", "signature", "latency_microseconds")
LATE_SECONDS = 5.0
"""How long after its answer a row may take to reach the disk (the server writes every two seconds)."""


class Served(NamedTuple):
    """Answers of a span of time, as Arrow tables with one row for each row of a request, in the order of time.

    `about` has `prediction_id`, `at` (seconds since 1970, float64) and `version`; `inputs` and `outputs` have the model's own names.
    """

    about: Any
    inputs: Any
    outputs: Any

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.about.num_rows)


def predictions_folder(model: str) -> Path:
    """Say where the server keeps the answers of a model."""
    return home() / "monitoring" / "predictions" / model


def first_time(folder: Path, after: float = 0.0) -> float | None:
    """Give the time of the oldest answer that is not older than `after`, in seconds since 1970; None when there is none."""

    def read(files: list[Path]) -> float | None:
        first = None
        for file in files:  # all of them: a file of one version may have grown while those of others were written
            if int(file.name[:20]) / 1e9 < after:
                continue
            micros = _read(file, ["at"]).column("at").cast("int64").to_numpy()
            times = micros[micros >= after * 1e6]
            first = min(times.min() / 1e6, first or math.inf) if len(times) else first
        return None if first is None else float(first)

    return read_live(folder, read)


def read_served(folder: Path, start: float, end: float, *, exclude: Sequence[str] = ()) -> Served:
    """Read the answers of [start, end).

    Parameters
    ----------
    folder : Path
        Holds the server's files.
    start, end : float
        Seconds since 1970.
    exclude : sequence of str
        Inputs and outputs that are not read at all, such as those that identify people.

    Raises
    ------
    EnvironmentProblem
        If a file cannot be read.
    """
    need("pyarrow", "drift")
    from pyarrow import compute

    def read(files: list[Path]) -> list[Any]:
        tables = []
        for file in files:
            if int(file.name[:20]) / 1e9 < start:  # its name is when its newest rows were written
                continue
            table = _read(file)
            seconds = compute.divide(compute.cast(compute.cast(table.column("at"), "int64"), "float64"), 1e6)
            kept = compute.and_(compute.greater_equal(seconds, start), compute.less(seconds, end))
            table = table.set_column(table.schema.get_field_index("at"), "at", seconds).filter(kept)
            if table.num_rows:
                tables.append(_split(table, frozenset(exclude)))
        return tables

    return _joined(read_live(folder, read))


def _read(file: Path, columns: Sequence[str] | None = None) -> Any:
    pyarrow, parquet = need("pyarrow", "drift"), need("pyarrow.parquet", "drift")
    try:
        return parquet.ParquetFile(file).read(columns=columns)
    except FileNotFoundError:
        raise  # merged meanwhile; `read_live` looks again
    except (OSError, pyarrow.ArrowException) as error:
        raise EnvironmentProblem(
            f"the prediction log `{file.name}` cannot be read: {error}", hint=f"take it out of {file.parent}"
        ) from None


def _split(table: Any, exclude: frozenset[str]) -> Any:
    """Take out what is not asked for, and make lists of numbers into columns."""
    import pyarrow

    columns = {name: table.column(name) for name in ("prediction_id", "at", "version")}
    for name in table.schema.names:
        side, _, own = name.partition(".")
        if side not in {"input", "output"} or own in exclude:
            continue
        values = table.column(name)
        if pyarrow.types.is_list(values.type) and not pyarrow.types.is_list(values.type.value_type):
            columns |= {f"{side}.{own}[{place}]": part for place, part in enumerate(_places(values))}
        else:
            columns[name] = values
    return pyarrow.table(columns)


def _places(values: Any) -> list[Any]:
    from pyarrow import compute

    widths = compute.unique(compute.list_value_length(values)).to_pylist()
    if len(widths) != 1 or widths[0] is None or widths[0] > MOST_PLACES:
        return []  # rows of different lengths have no columns
    return [compute.list_element(values, place) for place in range(widths[0])]


def _joined(tables: list[Any]) -> Served:
    import pyarrow

    empty = {"prediction_id": pyarrow.array([], "string"), "at": pyarrow.array([], "float64"), "version": pyarrow.array([], "int64")}
    table = pyarrow.concat_tables(tables, promote_options="permissive") if tables else pyarrow.table(empty)
    table = table.sort_by([("at", "ascending"), ("prediction_id", "ascending")]) if tables else table

    def side(prefix: str) -> Any:
        names = [name for name in table.schema.names if name.startswith(prefix)]
        return table.select(names).rename_columns([name.removeprefix(prefix) for name in names])

    return Served(table.select(["prediction_id", "at", "version"]), side("input."), side("output."))
