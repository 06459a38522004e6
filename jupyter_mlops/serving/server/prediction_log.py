"""Answers → Parquet files of what was asked, what was answered, by which version, how fast; one row for each row of a request.

A file appears whole or not at all, and is never changed; many small ones become few larger ones (`log_merging`). Memory is bounded: what does not fit between two writes is dropped and counted. A
killed server loses what it had not written yet, `flush_seconds` at most. Columns that identify people are left out before anything is kept.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_mlops.serving.server.core import Answer


FAN_AT_START = 8
"""The first file of a process is followed by a look at what earlier processes left."""


class Logging(NamedTuple):
    """What is kept: `rate` is the share of requests (by request id, so that all servers keep the same), `exclude` names inputs and outputs."""

    rate: float = 1.0
    exclude: frozenset[str] = frozenset()
    flush_seconds: float = 2.0
    max_rows: int = 20_000

    def check(self) -> Logging:
        """Refuse what cannot be."""
        if not 0 <= self.rate <= 1:
            raise ValueError(f"the logging `rate` is a share between 0 and 1; found {self.rate:g}")
        if self.flush_seconds <= 0 or self.max_rows < 1:
            raise ValueError("logging needs `flush_seconds` above 0 and `max_rows` of at least 1")
        return self


class _Row(NamedTuple):
    model: str
    version: int
    request_id: str
    at: float
    microseconds: float
    answer: Answer


class PredictionLogs:
    """Keeps answers in memory and writes them to ``folder/MODEL/*.parquet`` from a thread of its own."""

    def __init__(self, folder: Path, logging: Logging | None = None) -> None:
        self._folder = folder
        self._logging = (logging or Logging()).check()
        self._exclude = self._logging.exclude
        self._lock = threading.Lock()
        self._kept: list[_Row] = []
        self._rows = 0
        self._sequence = itertools.count()
        self._full = threading.Event()
        self._closed = False
        self._written: dict[Path, int] = {}
        self.dropped = 0
        self._thread = threading.Thread(target=self._work, name="prediction-log", daemon=True)
        self._thread.start()

    def add(self, model: str, version: int, request_id: str, microseconds: float, answer: Answer) -> None:
        """Keep one answer, if it is in the sample and there is room."""
        if self._logging.rate < 1 and not in_sample(request_id, self._logging.rate):
            return
        rows = _rows_of(answer.outputs) or 1
        with self._lock:
            if self._rows + rows > self._logging.max_rows:
                self.dropped += rows
                self._full.set()
                return
            self._kept.append(_Row(model, version, request_id, time.time(), microseconds, answer))
            self._rows += rows
            if self._rows * 2 > self._logging.max_rows:
                self._full.set()

    def flush(self) -> None:
        """Write what there is."""
        with self._lock:
            kept, self._kept, self._rows = self._kept, [], 0
        groups: dict[tuple[str, int, str], list[_Row]] = {}
        for row in kept:
            groups.setdefault((row.model, row.version, row.answer.signature), []).append(row)
        for (model, version, _), rows in sorted(groups.items(), key=lambda item: item[0]):
            try:
                self._write(model, version, rows)
            except Exception as error:  # a full disk, rows that no table holds: it must end neither the log nor the server
                self.failed(sum(_rows_of(row.answer.outputs) or 1 for row in rows), error)

    def failed(self, rows: int, error: Exception) -> None:
        """Count rows that are lost, and say so on standard error."""
        with self._lock:
            self.dropped += rows
        print(f"{rows} rows of the prediction log are lost: {error}", file=sys.stderr)  # noqa: T201 - a server's log

    def close(self) -> None:
        """Stop, and write the rest."""
        self._closed = True
        self._full.set()
        self._thread.join()
        self.flush()

    def _work(self) -> None:
        while not self._closed:
            self._full.wait(self._logging.flush_seconds)
            self._full.clear()
            self.flush()
            self._merge()

    def _merge(self) -> None:
        from jupyter_mlops.serving.server.log_merging import FAN, merge_files

        for folder, written in list(self._written.items()):
            if written < FAN:
                continue
            self._written[folder] = 0
            try:
                merge_files(folder)
            except Exception as error:  # no row is lost: the small files stay
                print(f"the prediction log of `{folder.name}` is not merged: {error}", file=sys.stderr)  # noqa: T201 - a server's log

    def _write(self, model: str, version: int, rows: list[_Row]) -> None:
        from pyarrow import parquet

        from jupyter_mlops.serving.server.log_table import to_table

        table = to_table(rows, self._exclude)
        folder = self._folder / model
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._sequence):06d}-v{version}.parquet"
        partial = folder / f".{name}.partial"
        parquet.write_table(table, partial)
        partial.replace(folder / name)
        self._written[folder] = self._written.get(folder, FAN_AT_START) + 1
        _tell_lineage(model, version, name, table.num_rows)


def in_sample(request_id: str, rate: float) -> bool:
    """Decide by the id alone whether a request is kept."""
    return int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:8], "big") < rate * 2**64


def _rows_of(outputs: Mapping[str, Any]) -> int:
    return next((array.shape[0] for array in outputs.values() if array.ndim), 0)


def _tell_lineage(model: str, version: int, file: str, rows: int) -> None:
    from jupyter_mlops.provenance import Entity, record

    predictions = Entity("dataset", f"predictions/{model}", file, facets={"predictions": {"rows": rows}})
    record("serve", inputs=(Entity("model", model, str(version)),), outputs=(predictions,))
