"""Judged windows and labelled answers → SQLite, so that a monitor goes on where it stopped, in any process.

Every method is one transaction: a run that is killed has judged a window or not, never half of it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BUSY_SECONDS = 30.0


class Judged(NamedTuple):
    """A window as it was judged; `history.sql` says what its fields mean."""

    start: float
    end: float
    rows: int
    version: int | None
    body: Mapping[str, Any]


class Labelled(NamedTuple):
    """An answer whose label has arrived."""

    prediction_id: str
    at: float
    version: int
    error: float
    explored: bool


class History:
    """What the monitor called `monitor` has seen, in ``home()/monitoring/history.db`` unless another `path` is given."""

    def __init__(self, monitor: str, path: str | Path | None = None) -> None:
        self.monitor = monitor
        self.path = Path(path) if path is not None else home() / "monitoring" / "history.db"

    def windows(self) -> tuple[Judged, ...]:
        """Give the judged windows, oldest first."""
        query = "SELECT start, end, rows, version, body FROM judged WHERE monitor = ? ORDER BY start"
        return tuple(Judged._make((*row[:4], json.loads(row[4]))) for row in self._read(query))

    def errors(self, *, since: float = 0.0, until: float = float("inf"), seen: float = float("inf")) -> tuple[Labelled, ...]:
        """Give labelled answers of [since, until) whose labels were seen by `seen`, in the order in which labels arrived."""
        query = "SELECT prediction_id, at, version, error, explored FROM error WHERE monitor = ? AND at >= ? AND at < ? AND seen <= ? ORDER BY sequence"
        return tuple(Labelled._make((*row[:4], bool(row[4]))) for row in self._read(query, since, until, seen))

    def definition(self) -> dict[str, Any] | None:
        """Give the arguments that the monitor was last made with, or None."""
        rows = self._read("SELECT document FROM definition WHERE monitor = ?")
        return json.loads(rows[0][0]) if rows else None

    def define(self, document: Mapping[str, Any]) -> None:
        """Keep the arguments of the monitor."""
        text = json.dumps(document, sort_keys=True)
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO definition VALUES (?, ?)", (self.monitor, text))

    def add_window(self, window: Judged) -> bool:
        """Write a judged window; False if another run has judged it already, whose verdict stays."""
        body = json.dumps(window.body, sort_keys=True, allow_nan=False)
        row = (self.monitor, window.start, window.end, window.rows, window.version, body)
        with self._open() as connection:
            return connection.execute("INSERT OR IGNORE INTO judged VALUES (?, ?, ?, ?, ?, ?)", row).rowcount == 1

    def add_errors(self, errors: Iterable[Labelled], *, seen: float) -> int:
        """Write labelled answers that are new; say how many were."""
        rows = [(self.monitor, each.prediction_id, each.at, seen, each.version, each.error, int(each.explored)) for each in errors]
        names = "monitor, prediction_id, at, seen, version, error, explored"
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            done = connection.executemany(f"INSERT OR IGNORE INTO error ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows).rowcount
            connection.execute("COMMIT")
        return max(done, 0)

    def _read(self, query: str, *values: object) -> list[Any]:
        if not self.path.is_file():
            return []
        with self._open() as connection:
            return connection.execute(query, (self.monitor, *values)).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'error_by_time'").fetchone():
                    make_tables(connection, Path(__file__).with_name("history.sql"), "judged")
                yield connection
        except sqlite3.DatabaseError as error:
            raise EnvironmentProblem(
                f"the monitor's history `{self.path.name}` cannot be used: {error}", hint=f"look at {self.path}"
            ) from error


def make_tables(connection: sqlite3.Connection, script: Path, first: str) -> None:
    """Run a script of CREATE statements in one transaction, unless the table `first` is there by now."""
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (first,)).fetchone():
        statement = ""
        for line in script.read_text(encoding="utf-8").splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                connection.execute(statement)
                statement = ""
    connection.execute("COMMIT")
