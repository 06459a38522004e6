"""Writes a prediction log as the server does, with times of one's own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

_numbers = itertools.count()


def write_log(home: Path, model: str, at: float, columns: dict, *, version: int = 1, seconds: float = 60.0) -> list[str]:
    """Write answers spread evenly over [at, at + seconds); gives their prediction ids. Keys of `columns` are ``input.x`` and ``output.y``."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = len(next(iter(columns.values())))
    times = at + np.arange(rows) * seconds / max(rows, 1)
    number = next(_numbers)
    ids = [f"r{number:04d}-{row}" for row in range(rows)]
    table = {
        "prediction_id": [f"{each}/0" for each in ids],
        "request_id": ids,
        "row": pa.array([0] * rows, "int32"),
        "at": pa.array((times * 1e6).astype("int64"), pa.timestamp("us", tz="UTC")),
        "model": [model] * rows,
        "version": pa.array([version] * rows, "int64"),
        "signature": ["serving_default"] * rows,
        "latency_microseconds": [100.0] * rows,
        **{name: list(values) if getattr(values, "ndim", 1) > 1 else values for name, values in columns.items()},
    }
    folder = home / "monitoring" / "predictions" / model
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(table), folder / f"{int((at + seconds) * 1e9):020d}-1-{number:06d}-v{version}.parquet")
    return table["prediction_id"]
