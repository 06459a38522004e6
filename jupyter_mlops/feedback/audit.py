"""Decisions, approvals, starts and ends → an append-only trail in SQLite, and the `State` that follows from it.

The trail is the only memory of a policy: what has been tried, spent and approved is read from it. Each entry holds the digest of the one before,
so a row that was changed behind SQLite's back is found by `verify`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.feedback.evidence import Approval, Attempt, State
from jupyter_mlops.feedback.history import BUSY_SECONDS, make_tables
from jupyter_mlops.place import home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row; `audit.sql` says what its columns mean."""

    number: int
    at: float
    kind: str
    who: str
    body: Mapping[str, Any]
    digest: str


class Audit:
    """The trail of the policy called `policy`, in ``home()/monitoring/audit.db`` unless another `path` is given. Nothing is made before the first entry."""

    def __init__(self, policy: str, path: str | Path | None = None) -> None:
        self.policy = policy
        self.path = Path(path) if path is not None else home() / "monitoring" / "audit.db"

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, oldest first."""
        if not self.path.is_file():
            return ()
        with self._open() as connection:
            return self._entries(connection)

    def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        at: float,
        who: str = "policy",
        unless: Callable[[tuple[Entry, ...]], bool] | None = None,
    ) -> Entry | None:
        """Add an entry, on the disk when this returns.

        Parameters
        ----------
        kind : str
            policy, decision, approval, start, end or note.
        body : mapping
            JSON data.
        at : float
            The time that it is about, in seconds since 1970.
        who : str
            A person, or "policy".
        unless : callable, optional
            Gets the entries so far, with nobody else writing; if it says true nothing is added and None comes back.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")  # from reading to writing nobody else may write
            entries = self._entries(connection)
            if unless is not None and unless(entries):
                connection.execute("ROLLBACK")
                return None
            before = entries[-1].digest if entries else ""
            made = Entry(number=len(entries) + 1, at=at, kind=kind, who=who, body=dict(body), digest="")
            made = replace(made, digest=_digest(self.policy, made, before))
            row = (self.policy, made.number, at, kind, who, _json(body), made.digest)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("COMMIT")
        return made

    def verify(self) -> int | None:
        """Give the number of the first entry that is not what was written, or None when the trail is whole."""
        before = ""
        for place, entry in enumerate(self.entries(), 1):
            if entry.number != place or entry.digest != _digest(self.policy, entry, before):
                return place
            before = entry.digest
        return None

    def state(self, start: State | None = None) -> State:
        """Fold the trail: attempts with their outcomes, approvals, and what the model in service was trained and accepted with.

        `start` gives what the trail cannot know: the cost of the next retraining, the first model's age and metrics.
        """
        return fold(self.entries(), start or State())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone():
                    make_tables(connection, Path(__file__).with_name("audit.sql"), "entry")
                yield connection
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise EnvironmentProblem(f"the audit trail `{self.path.name}` cannot be used: {error}", hint=f"look at {self.path}") from error

    def _entries(self, connection: sqlite3.Connection) -> tuple[Entry, ...]:
        query = "SELECT number, at, kind, who, body, digest FROM entry WHERE policy = ? ORDER BY number"
        return tuple(
            Entry(number=number, at=at, kind=kind, who=who, body=json.loads(body), digest=digest)
            for number, at, kind, who, body, digest in connection.execute(query, (self.policy,))
        )


def fold(entries: tuple[Entry, ...], state: State) -> State:
    """Add to a state what the entries say, in their order."""
    attempts: list[Attempt] = []
    approvals: list[Approval] = []
    for entry in entries:
        body = entry.body
        if entry.kind == "start":
            attempts.append(Attempt(at=entry.at, causes=tuple(body["causes"]), cost=body.get("cost", 0.0)))
        elif entry.kind == "approval":
            approvals.append(Approval(at=entry.at, by=entry.who, causes=tuple(body["causes"])))
        elif entry.kind == "end" and attempts:
            attempts[-1] = replace(attempts[-1], outcome=body["outcome"], cost=body.get("cost", attempts[-1].cost))
            if body["outcome"] == "promoted":
                state = replace(state, trained_at=attempts[-1].at, accepted={**state.accepted, **body.get("accepted", {})})
    return replace(state, attempts=tuple(attempts), approvals=tuple(approvals))


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _digest(policy: str, entry: Entry, before: str) -> str:
    text = json.dumps([before, policy, entry.number, entry.at, entry.kind, entry.who, _json(entry.body)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
