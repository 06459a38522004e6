"""The trail: nothing in it changes, a change behind its back is found, and the state follows from it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing

import pytest

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.feedback.audit import Audit
from jupyter_mlops.feedback.evidence import Approval, Attempt, State


@pytest.fixture
def audit(tmp_path):
    return Audit("churn", tmp_path / "audit.db")


def test_reading_makes_no_file(audit):
    assert audit.entries() == ()
    assert not audit.path.exists()


def test_entries_of_two_policies_are_apart(audit):
    audit.append("note", {"text": "ours"}, at=1.0)
    Audit("fraud", audit.path).append("note", {"text": "theirs"}, at=2.0)
    assert [entry.body["text"] for entry in audit.entries()] == ["ours"]


@pytest.mark.parametrize("statement", ["UPDATE entry SET who = 'nobody'", "DELETE FROM entry"])
def test_the_database_refuses_changes(audit, statement):
    audit.append("note", {}, at=1.0)
    with closing(sqlite3.connect(audit.path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)


def test_an_entry_changed_behind_the_triggers_is_found(audit):
    for number in range(3):
        audit.append("note", {"number": number}, at=float(number))
    assert audit.verify() is None
    with closing(sqlite3.connect(audit.path)) as connection, connection:
        connection.execute("DROP TRIGGER entry_stays")
        connection.execute("UPDATE entry SET who = 'nobody' WHERE number = 2")
    assert audit.verify() == 2


def test_the_state_follows_from_the_trail(audit):
    audit.append("start", {"causes": ["age > 1 days"], "cost": 5.0}, at=10.0)
    audit.append("end", {"outcome": "rejected"}, at=11.0)
    audit.append("approval", {"causes": ["ADWIN on error"]}, at=20.0, who="ada")
    audit.append("start", {"causes": ["ADWIN on error"], "cost": 5.0}, at=21.0)
    audit.append("end", {"outcome": "promoted", "cost": 7.0, "accepted": {"accuracy": 0.93}}, at=25.0)
    assert audit.state(State(trained_at=1.0, accepted={"accuracy": 0.9}, cost=3.0)) == State(
        trained_at=21.0,
        accepted={"accuracy": 0.93},
        cost=3.0,
        attempts=(
            Attempt(at=10.0, causes=("age > 1 days",), cost=5.0, outcome="rejected"),
            Attempt(at=21.0, causes=("ADWIN on error",), cost=7.0, outcome="promoted"),
        ),
        approvals=(Approval(at=20.0, by="ada", causes=("ADWIN on error",)),),
    )


def start_once(path, number):
    entry = Audit("churn", path).append("start", {"causes": [str(number)]}, at=float(number), unless=bool)
    return entry is not None


@pytest.mark.slow
def test_of_many_processes_that_start_a_retraining_one_does(audit):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert sum(pool.starmap(start_once, [(audit.path, number) for number in range(8)])) == 1
    assert len(audit.entries()) == 1


def test_a_broken_file_is_named(audit):
    audit.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(EnvironmentProblem, match="audit trail"):
        audit.entries()
