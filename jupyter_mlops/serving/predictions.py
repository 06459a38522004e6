"""The server's Parquet files → what was predicted, and which version answered a prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import need
from jupyter_mlops.place import home
from jupyter_mlops.provenance.prediction_files import live_files, read_live

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def files_of(model: str) -> list[Path]:
    """List the files that hold each row of a model once, by the time of their newest row; they stay until the server merges them."""
    return live_files(folder_of(model))


def folder_of(model: str) -> Path:
    """Say where the server keeps the answers of a model."""
    return home() / "monitoring" / "predictions" / model


def read_predictions(model: str, columns: Sequence[str] | None = None) -> Any:
    """Read all logged predictions of a model as an Arrow table; columns are those of `server.log_table`.

    Raises
    ------
    LookupError
        If nothing was logged.
    """
    parquet = need("pyarrow.parquet", "drift")
    import pyarrow

    def read(files: list[Path]) -> list[Any]:
        return [parquet.read_table(path, columns=None if columns is None else list(columns), partitioning=None) for path in files]

    tables = read_live(folder_of(model), read)
    if not tables:
        raise LookupError(f"no prediction of `{model}` was logged")
    return pyarrow.concat_tables(tables, promote_options="permissive")


def who_answered(model: str, prediction_id: str) -> int | None:
    """Name the version that answered a prediction (``REQUEST/ROW``, or a request's id); None if it is not in the log."""
    parquet = need("pyarrow.parquet", "drift")
    field = "prediction_id" if "/" in prediction_id else "request_id"

    def read(files: list[Path]) -> int | None:
        for path in reversed(files):
            found = parquet.read_table(path, columns=["version"], filters=[(field, "==", prediction_id)], partitioning=None)
            if found.num_rows:
                return int(found.column("version")[0].as_py())
        return None

    return read_live(folder_of(model), read)
