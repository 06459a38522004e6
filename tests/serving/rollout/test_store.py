"""The database that server, controller and notebooks share."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.serving.rollout.store import Evidence, Share, Store, Transition, Version

if TYPE_CHECKING:
    from pathlib import Path

ONE = Version("1", "STABLE", smoke=True)
TWO = Version("2", "GATED", smoke=True)
EVENT = Transition("churn", 100.0, "GATED", "CANARY", "canary 10 %", "2", "smoke passed", {"smoke": True})


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "serving.db")
    store.put_version("churn", ONE)
    store.put_version("churn", TWO)
    yield store
    store.close()


def test_a_transition_writes_event_versions_traffic_and_state_together(store):
    canary = TWO._replace(state="CANARY")
    shares = [Share("1", 0.9), Share("2", 0.1)]
    sequence = store.append_transition(EVENT, versions=[canary], traffic=shares, state={"stage": "CANARY"}, spec={"each": {}})
    assert store.transitions("churn") == [EVENT._replace(sequence=sequence)]
    assert store.versions("churn") == [ONE, canary]
    assert store.traffic("churn") == shares
    assert store.rollout("churn") == ("churn", {"stage": "CANARY"}, {"each": {}}, 0)


def test_a_second_stable_version_is_refused_and_nothing_of_the_transition_stays(store):
    with pytest.raises(sqlite3.IntegrityError):
        store.append_transition(EVENT, versions=[TWO._replace(state="STABLE")], traffic=[Share("2", 1.0)])
    assert (store.transitions("churn"), store.traffic("churn"), store.versions("churn")) == ([], [], [ONE, TWO])


def test_the_old_stable_version_steps_down_in_the_same_transaction(store):
    store.append_transition(EVENT, versions=[TWO._replace(state="STABLE"), ONE._replace(state="SUPERSEDED")], traffic=[Share("2", 1.0)])
    assert [version.state for version in store.versions("churn")] == ["SUPERSEDED", "STABLE"]


@pytest.mark.parametrize("smoke", [None, False])
def test_the_database_refuses_traffic_to_a_version_whose_smoke_request_did_not_pass(store, smoke):
    store.put_version("churn", Version("3", "GATED", smoke=smoke))
    with pytest.raises(sqlite3.IntegrityError, match="smoke"):
        store.append_transition(EVENT, traffic=[Share("1", 0.9), Share("3", 0.1)])
    with pytest.raises(sqlite3.IntegrityError, match="smoke"):
        store.append_transition(EVENT, traffic=[Share("1", 1.0), Share("3", 1.0, shadow=True)])


def test_shares_that_do_not_sum_to_one_are_refused(store):
    with pytest.raises(ValueError, match=r"sum to 0\.8, not to 1"):
        store.append_transition(EVENT, traffic=[Share("1", 0.7), Share("2", 0.1), Share("2", 1.0, shadow=True)])


@pytest.mark.parametrize("change", ["DELETE FROM transition", "UPDATE transition SET reason = 'other'"])
def test_the_log_is_only_appended_to(store, change):
    store.append_transition(EVENT)
    with pytest.raises(sqlite3.IntegrityError):
        store._connection.execute(change)


def test_evidence_adds_up(store):
    store.add_evidence([Evidence("churn", "2", 7, 10, 1, {80: 9, 96: 1}, {"yes": 4}, 2, 1.5, 10, 9)])
    store.add_evidence([Evidence("churn", "2", 7, 5, 0, {80: 5}, {"yes": 1, "no": 1}, 1, 0.5, 5, 5), Evidence("churn", "2", 8, 1)])
    assert store.evidence_since("churn", "2", 7) == [
        Evidence("churn", "2", 7, 15, 1, {80: 14, 96: 1}, {"yes": 5, "no": 1}, 3, 2.0, 15, 14),
        Evidence("churn", "2", 8, 1),
    ]
    assert [row.second for row in store.evidence_since("churn", "2", 7, until=8)] == [7]


def test_a_command_is_answered_once(store):
    number = store.ask("churn", "pause", person="ana", at=5.0)
    assert [(command.sequence, command.command, command.person) for command in store.pending("churn")] == [(number, "pause", "ana")]
    store.answer(number, "paused")
    store.answer(number, "again")
    assert (store.pending("churn"), store.outcome(number)) == ([], "paused")


ADDING = """
import sys
from jupyter_mlops.serving.rollout.store import Evidence, Store
store = Store(sys.argv[1])
for turn in range(50):
    store.add_evidence([Evidence("churn", "1", turn % 5, requests=1, latency_counts={3: 1})])
"""


def test_processes_that_make_the_file_together_and_add_to_the_same_rows_lose_nothing(tmp_path, python_path):
    path = tmp_path / "new" / "serving.db"
    command = [sys.executable, "-c", ADDING, str(path)]
    adding = [subprocess.Popen(command, env={"PYTHONPATH": python_path}) for _ in range(4)]
    assert [process.wait(60) for process in adding] == [0] * 4
    rows = Store(path).evidence_since("churn", "1", 0)
    assert sum(row.requests for row in rows) == sum(row.latency_counts[3] for row in rows) == 200


KILLED = """
import os, signal, sys
from jupyter_mlops.serving.rollout.store import Share, Store, Transition, Version
store = Store(sys.argv[1])
left = int(sys.argv[2])
def count(statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
store._connection.set_trace_callback(count)
store.append_transition(
    Transition("churn", 1.0, "CANARY", "STABLE", "", "2", "", {}),
    versions=[Version("2", "STABLE", smoke=True), Version("1", "SUPERSEDED", smoke=True)],
    traffic=[Share("2", 1.0)], state={"stage": "STABLE"}, spec={})
"""


def test_a_process_killed_at_any_statement_of_a_transition_leaves_the_old_state_or_the_new(tmp_path, python_path):
    seen = []
    for statements in range(14):
        path: Path = tmp_path / f"{statements}.db"
        store = Store(path)
        for version in (ONE, TWO):
            store.put_version("churn", version)
        store.append_transition(EVENT, traffic=[Share("1", 0.9), Share("2", 0.1)], state={"stage": "CANARY"}, spec={})
        store.close()
        subprocess.run([sys.executable, "-c", KILLED, str(path), str(statements)], env={"PYTHONPATH": python_path}, check=False, timeout=60)
        after = Store(path)
        states = [version.state for version in after.versions("churn")]
        seen.append(
            (
                states,
                [share.share for share in after.traffic("churn")],
                after.rollout("churn").state["stage"],
                len(after.transitions("churn")),
            )
        )
        after.close()
    old, new = (["STABLE", "GATED"], [0.9, 0.1], "CANARY", 1), (["SUPERSEDED", "STABLE"], [1.0], "STABLE", 2)
    assert set(map(repr, seen)) == {repr(old), repr(new)}
