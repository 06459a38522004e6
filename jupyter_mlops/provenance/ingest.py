"""New lines of the journal → rows of the index. Each batch and the position after it are one transaction.

So a killed reader repeats nothing and loses nothing; reading twice changes nothing; a last line that is still being written waits for the next
time; a line that is no event is counted and passed over. A journal that is another one (shorter, or another first line) is read anew.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.provenance.fold import Fold
from jupyter_mlops.provenance.journal import journal

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 2
"""Of the index. A file of another version is made anew: everything in it comes from the journal."""

_BATCH_BYTES = 1 << 24
_TABLES = ("node", "edge", "activity", "part", "progress")


def open_index(home_folder: Path | None = None) -> sqlite3.Connection:
    """Open the index of a project, up to date with its journal.

    Raises
    ------
    EnvironmentProblem
        If the file cannot be written, or is no index.
    """
    events = journal(home_folder)
    # Where nothing was recorded nothing is written.
    path = str(events.with_name("lineage.db")) if events.parent.is_dir() else ":memory:"
    try:
        connection = _prepared(path)
        try:
            ingest(connection, events)
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:  # a read-only project or disk, a full one, another process that holds the lock for long
        hint = "make the folder `lineage` of this project writable, or set NB2PIPE_HOME to a copy of the project's `.nb2pipe`"
        raise EnvironmentProblem(f"the index of lineage cannot be written: {error}", hint=hint) from error
    except sqlite3.DatabaseError as error:
        raise EnvironmentProblem(
            f"the index of lineage is broken: {error}", hint="delete `lineage/lineage.db`: it is made again"
        ) from error
    return connection


def ingest(connection: sqlite3.Connection, events: Path) -> int:
    """Fold what is new in a journal; give the number of events folded."""
    if not events.exists():
        return 0
    folded = 0
    with events.open("rb") as file:
        while batch := _ingest_batch(connection, file):
            folded += batch - 1
    return folded


def _ingest_batch(connection: sqlite3.Connection, file: Any) -> int:
    """Fold at most one batch; 0 at the end, else 1 + the number of events."""
    connection.execute("BEGIN IMMEDIATE")  # before the position is read: two readers must not fold the same bytes
    with connection:
        position, broken = _resume(connection, file)
        file.seek(position)
        block = file.read(_BATCH_BYTES)
        if len(block) == _BATCH_BYTES and b"\n" not in block:
            block += file.readline()
        whole = block[: block.rfind(b"\n") + 1]
        if not whole:
            return 0
        fold, count, at = Fold(connection), 0, position
        for line in whole.split(b"\n"):
            event = _event(line)
            if event is not None and fold.add(event, at):
                count += 1
            else:
                broken += bool(line.strip())
            at += len(line) + 1
        connection.execute("UPDATE progress SET position = ?, broken = ?", (position + len(whole), broken))
        return 1 + count


def _resume(connection: sqlite3.Connection, file: Any) -> tuple[int, int]:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    first = file.readline(1 << 20)
    head = sha256(first).hexdigest() if first.endswith(b"\n") else ""
    row = connection.execute("SELECT position, broken, head FROM progress").fetchone()
    if row and row[0] <= size and row[2] == head:
        return int(row[0]), int(row[1])
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table}")
    connection.execute("INSERT INTO progress VALUES (1, 0, 0, ?)", (head,))
    return 0, 0


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _prepared(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((Path(__file__).parent / "schema.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.create_function("merged", 2, _merged, deterministic=True)
    return connection


def _merged(old: str, new: str) -> str:
    return json.dumps({**json.loads(old), **json.loads(new)}, separators=(",", ":"))


def events_of(events: Path) -> Iterator[dict[str, Any]]:
    """Read the events of a journal, in order, without the broken ones."""
    with closing(events.open("rb")) as file:
        for line in file:
            event = _event(line) if line.endswith(b"\n") else None
            if event is not None:
                yield event
