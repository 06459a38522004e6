"""Calls → rows of the database that server, controller and notebooks share (`schema.sql`).

Every public method is one transaction. Any number of processes and threads may hold a `Store` of the same file; SQLite waits for locks up to
`BUSY_SECONDS`. A process may be killed at any point: what a method did is there whole or not at all.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from jupyter_mlops.place import home
from jupyter_mlops.serving.rollout.records import Command, Evidence, Rollout, Share, Transition, Truth, Version, latency_bin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BUSY_SECONDS = 30.0

__all__ = ["BUSY_SECONDS", "Command", "Evidence", "Overtaken", "Rollout", "Share", "Store", "Transition", "Truth", "Version", "latency_bin"]


class Overtaken(RuntimeError):
    """Somebody else moved the rollout since the caller read it: read it again."""


class Store:
    """The database, made when it is missing. `path` is ``home()/serving/serving.db`` unless given."""

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path is not None else home() / "serving" / "serving.db"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        with self._lock:
            self._connection.execute("PRAGMA journal_mode=WAL")
            # With WAL, a killed process loses nothing; a power cut may lose the last evidence, never the file.
            self._connection.execute("PRAGMA synchronous=NORMAL")
            if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'label'"):
                self._connection.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))

    def close(self) -> None:
        """Close the connection of this object."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    def models(self) -> list[str]:
        """Name the models that have versions, sorted."""
        return [name for (name,) in self._rows("SELECT DISTINCT model FROM version ORDER BY model")]

    def traffic(self, model: str) -> list[Share]:
        """Say who answers a model's requests now; empty if nobody was given traffic yet."""
        rows = self._rows("SELECT version, share, shadow FROM traffic WHERE model = ? ORDER BY shadow, version", model)
        return [Share(version, share, bool(shadow)) for version, share, shadow in rows]

    def versions(self, model: str) -> list[Version]:
        """List all versions of a model, in the order they came."""
        rows = self._rows("SELECT version, state, source, digest, smoke, frozen FROM version WHERE model = ? ORDER BY rowid", model)
        return [Version(row[0], row[1], row[2], row[3], None if row[4] is None else bool(row[4]), bool(row[5])) for row in rows]

    def transitions(self, model: str, after: int = 0) -> list[Transition]:
        """List changes of state with a `sequence` above `after`, oldest first."""
        names = "model, at, from_state, to_state, stage, version, reason, evidence, sequence"
        rows = self._rows(f"SELECT {names} FROM transition WHERE model = ? AND sequence > ? ORDER BY sequence", model, after)
        return [Transition._make((*row[:7], json.loads(row[7]), row[8])) for row in rows]

    def last_sequence(self, model: str) -> int:
        """Give the number of a model's last transition, 0 before the first."""
        return int(self._rows("SELECT coalesce(max(sequence), 0) FROM transition WHERE model = ?", model)[0][0])

    def rollout(self, model: str) -> Rollout | None:
        """Give the rollout of a model, or None if it never had one."""
        rows = self._rows("SELECT model, state, spec, reported FROM rollout WHERE model = ?", model)
        return Rollout(model, json.loads(rows[0][1]), json.loads(rows[0][2]), rows[0][3]) if rows else None

    def evidence_since(self, model: str, version: str, second: int, until: int | None = None) -> list[Evidence]:
        """List evidence of seconds in [`second`, `until`), oldest first."""
        rows = self._rows(
            f"SELECT {', '.join(Evidence._fields)} FROM evidence WHERE model = ? AND version = ? AND second >= ? AND second < ? ORDER BY second",
            model, version, second, 2**62 if until is None else until,
        )  # fmt: skip
        return [Evidence.read(row) for row in rows]

    def pending(self, model: str) -> list[Command]:
        """List commands that nobody answered yet, oldest first."""
        rows = self._rows(
            "SELECT sequence, model, command, person, at FROM command WHERE model = ? AND outcome IS NULL ORDER BY sequence", model
        )
        return [Command(*row) for row in rows]

    def outcome(self, sequence: int) -> str | None:
        """Say what became of a command; None while it is pending."""
        rows = self._rows("SELECT outcome FROM command WHERE sequence = ?", sequence)
        return rows[0][0] if rows else None

    def waiting_truths(self, model: str) -> list[Truth]:
        """List truths whose answers were not found yet."""
        names = "prediction_id, truth, span, output, at"
        rows = self._rows(f"SELECT {names} FROM label WHERE model = ? AND counted = 0 ORDER BY prediction_id", model)
        return [Truth(row[0], json.loads(row[1]), *row[2:]) for row in rows]

    # Writing

    def put_version(self, model: str, version: Version) -> None:
        """Write one version of a model, new or changed.

        Raises
        ------
        sqlite3.IntegrityError
            If another version of the model is STABLE and this one says it is too.
        """
        with self._transaction():
            self._put_version(model, version)

    def set_smoke(self, model: str, version: str, passed: bool) -> None:
        """Write what a version's smoke request said."""
        with self._transaction():
            self._connection.execute("UPDATE version SET smoke = ? WHERE model = ? AND version = ?", (int(passed), model, version))

    def append_transition(
        self,
        transition: Transition,
        *,
        versions: Iterable[Version] = (),
        traffic: Iterable[Share] | None = None,
        state: Mapping[str, Any] | None = None,
        spec: Mapping[str, Any] | None = None,
        command: tuple[int, str] | None = None,
        after: int | None = None,
    ) -> int:
        """Change state: the event, the versions' states, the traffic, the rollout's own state and a command's outcome, all or nothing.

        Parameters
        ----------
        transition : Transition
            The event; its `sequence` is ignored.
        versions : Versions that changed.
        traffic : Shares that replace the model's; None leaves them.
        state, spec : JSON values that replace the rollout's; None leaves them.
        command : (sequence, outcome) of the command that asked for this.
        after : The sequence of the last transition that the caller knows of.

        Returns
        -------
        int
            The event's sequence number.

        Raises
        ------
        sqlite3.IntegrityError
            If it would make two stable versions, or give traffic to a version whose smoke request did not pass.
        ValueError
            If shares (shadow aside) do not sum to 1.
        Overtaken
            If the model's last transition is another than `after`: somebody else moved it.
        """
        shares = None if traffic is None else list(traffic)
        event = (*transition[:7], json.dumps(transition.evidence))
        model = transition.model
        with self._transaction():
            self._expect(model, after)
            # The stable one last: the old one must have stopped being stable before.
            for version in sorted(versions, key=lambda version: version.state == "STABLE"):
                self._put_version(model, version)
            if shares is not None:
                self._check_sum(model, shares)
                self._connection.execute("DELETE FROM traffic WHERE model = ?", (model,))
                rows = [(model, share.version, share.share, int(share.shadow)) for share in shares]
                self._connection.executemany("INSERT INTO traffic (model, version, share, shadow) VALUES (?, ?, ?, ?)", rows)
            names = "model, at, from_state, to_state, stage, version, reason, evidence"
            done = self._connection.execute(f"INSERT INTO transition ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", event)
            if command is not None:
                self._answer(*command)
            self._put_rollout(model, state, spec)
        return int(done.lastrowid or 0)

    def put_rollout(self, model: str, *, state: Mapping[str, Any] | None = None, spec: Mapping[str, Any] | None = None) -> None:
        """Write a rollout's own state without a change of state (such as when it last saw evidence)."""
        with self._transaction():
            self._put_rollout(model, state, spec)

    def set_reported(self, model: str, sequence: int) -> None:
        """Remember that the effects of all transitions up to `sequence` are done."""
        with self._transaction():
            self._connection.execute("UPDATE rollout SET reported = ? WHERE model = ?", (sequence, model))

    def add_evidence(self, rows: Iterable[Evidence]) -> None:
        """Add counts to what is there for the same model, version and second."""
        with self._transaction():
            for row in rows:
                self._add(row)

    def add_truths(self, model: str, truths: Iterable[Truth]) -> int:
        """Write truths, and say how many are new or changed; one that is counted already stays as it was."""
        rows = [(model, one.prediction_id, json.dumps(one.truth), *one[2:]) for one in truths]
        update = "UPDATE SET truth = excluded.truth, span = excluded.span, output = excluded.output, at = excluded.at WHERE counted = 0"
        names = "(model, prediction_id, truth, span, output, at)"
        with self._transaction():
            query = f"INSERT INTO label {names} VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (model, prediction_id) DO {update}"
            return int(self._connection.executemany(query, rows).rowcount)

    def count_truths(self, model: str, scores: Mapping[str, Evidence]) -> int:
        """Add the evidence of each waiting truth, by prediction id; what somebody else counted meanwhile is left out."""
        query = "UPDATE label SET counted = 1 WHERE model = ? AND prediction_id = ? AND counted = 0"
        sums: dict[tuple[Any, ...], Evidence] = {}
        counted = 0
        with self._transaction():
            for name, row in scores.items():
                if self._connection.execute(query, (model, name)).rowcount:
                    counted += 1
                    sums[row[:3]] = sums[row[:3]].plus(row) if row[:3] in sums else row
            for row in sums.values():
                self._add(row)
        return counted

    def ask(self, model: str, command: str, *, person: str, at: float) -> int:
        """Leave a command for the controller; gives its number, to look for its `outcome`."""
        with self._transaction():
            row = (model, command, person, at)
            return int(self._connection.execute("INSERT INTO command (model, command, person, at) VALUES (?, ?, ?, ?)", row).lastrowid or 0)

    def answer(self, sequence: int, outcome: str) -> None:
        """Say what became of a command that changed nothing."""
        with self._transaction():
            self._answer(sequence, outcome)

    def forget_evidence(self, before: int) -> None:
        """Drop evidence of seconds before `before`, and truths that were reported before it."""
        with self._transaction():
            self._connection.execute("DELETE FROM evidence WHERE second < ?", (before,))
            self._connection.execute("DELETE FROM label WHERE at < ?", (before,))

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")  # takes the write lock now: no upgrade that could fail later
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _expect(self, model: str, after: int | None) -> None:
        last = self.last_sequence(model)
        if after is not None and last != after:
            raise Overtaken(f"the rollout of `{model}` went on meanwhile: its last transition is {last}, not {after}")

    def _check_sum(self, model: str, shares: list[Share]) -> None:
        total = sum(share.share for share in shares if not share.shadow)
        stable = self._rows("SELECT 1 FROM version WHERE model = ? AND state = 'STABLE'", model)
        if abs(total - 1) > 1e-9 and (total or stable):  # before the first stable version, nobody answers
            raise ValueError(f"shares of `{model}` sum to {total:g}, not to 1")

    def _put_version(self, model: str, version: Version) -> None:
        names = ("state", "source", "digest", "smoke", "frozen")
        update = ", ".join(f"{name} = excluded.{name}" for name in names)
        row = (model, *version[:4], None if version.smoke is None else int(version.smoke), int(version.frozen))
        places = f"(model, version, {', '.join(names)}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._connection.execute(f"INSERT INTO version {places} ON CONFLICT (model, version) DO UPDATE SET {update}", row)

    def _put_rollout(self, model: str, state: Mapping[str, Any] | None, spec: Mapping[str, Any] | None) -> None:
        if state is None and spec is None:
            return
        self._connection.execute("INSERT INTO rollout (model, state, spec) VALUES (?, '{}', '{}') ON CONFLICT DO NOTHING", (model,))
        for column, value in (("state", state), ("spec", spec)):
            if value is not None:
                self._connection.execute(f"UPDATE rollout SET {column} = ? WHERE model = ?", (json.dumps(value), model))

    def _answer(self, sequence: int, outcome: str) -> None:
        self._connection.execute("UPDATE command SET outcome = ? WHERE sequence = ? AND outcome IS NULL", (outcome, sequence))

    def _add(self, row: Evidence) -> None:
        key = row[:3]
        old = self._rows(f"SELECT {', '.join(Evidence._fields)} FROM evidence WHERE model = ? AND version = ? AND second = ?", *key)
        new = Evidence.read(old[0]).plus(row) if old else row
        packed = [value if isinstance(value, (str, int, float)) else json.dumps(dict(value)) for value in new]
        self._connection.execute(
            f"INSERT OR REPLACE INTO evidence ({', '.join(Evidence._fields)}) VALUES ({', '.join('?' * len(packed))})", packed
        )
