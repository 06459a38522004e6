"""What evaluations leave behind → how often a test set has decided, and who signed which report (SQLite, under `place.home()`)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.place import home

_SCHEMA = """
CREATE TABLE IF NOT EXISTS used (data TEXT, challenger TEXT, name TEXT, at TEXT, PRIMARY KEY (data, challenger)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS report (digest TEXT PRIMARY KEY, verdict TEXT, view TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS approval (report TEXT, by TEXT, note TEXT, verdict TEXT, at TEXT);
"""


def uses(data: str, challenger: str) -> int:
    """Count the other challengers that were judged on a test set before.

    The same challenger on the same rows is one decision, however often its cell runs.

    Parameters
    ----------
    data, challenger : str
        Digests of the rows and of the challenger's answers.
    """
    with closing(_open()) as store:
        found = store.execute("SELECT count(*) FROM used WHERE data = ? AND challenger <> ?", (data, challenger)).fetchone()
    return int(found[0])


def keep(digest: str, verdict: str, view: dict[str, Any], *, data: str, challenger: str, name: str) -> None:
    """Remember a report and that its test set was used."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with closing(_open()) as store, store:
        store.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?, ?)", (data, challenger, name, now))
        store.execute("INSERT OR IGNORE INTO report VALUES (?, ?, ?, ?)", (digest, verdict, json.dumps(view), now))


def approve(report: str, verdict: str, by: str, note: str) -> None:
    """Write down who signed a report; nothing is ever changed or taken away.

    Raises
    ------
    ValueError
        When nobody is named, or a report that did not pass is signed without a reason.
    """
    if not by.strip():
        raise ValueError("an approval names who gives it: `by`")
    if verdict != "pass" and not note.strip():
        raise ValueError(f"the verdict is {verdict.upper()}: an approval against it needs a `note` that says why")
    with closing(_open()) as store, store:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        store.execute("INSERT INTO approval VALUES (?, ?, ?, ?, ?)", (report, by.strip(), note.strip(), verdict, now))


def approvals(report: str) -> list[dict[str, str]]:
    """Give the signatures under a report, oldest first: `by`, `note`, `verdict`, `at`."""
    if not (home() / "evaluation" / "evaluation.db").is_file():
        return []
    with closing(_open()) as store:
        found = store.execute("SELECT by, note, verdict, at FROM approval WHERE report = ? ORDER BY rowid", (report,)).fetchall()
    return [dict(zip(("by", "note", "verdict", "at"), row, strict=True)) for row in found]


def _open() -> sqlite3.Connection:
    folder = home() / "evaluation"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(folder / "evaluation.db", timeout=30)
        store.execute("PRAGMA journal_mode = WAL")
        store.executescript(_SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentProblem(
            f"the evaluation store cannot be opened: {error}", hint="set NB2PIPE_HOME to a folder you can write"
        ) from error
    return store
