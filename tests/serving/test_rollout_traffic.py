"""Requests while traffic moves: none lost, none answered by a version that it must not meet; and what a kill leaves behind."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from jupyter_mlops.serving.rollout.records import Share, Transition, Version
from jupyter_mlops.serving.rollout.store import Store
from jupyter_mlops.serving.server import local_server, start


@pytest.fixture
def store(tmp_path, exported):
    pytest.importorskip("tensorflow")
    store = Store(tmp_path / "serving" / "serving.db")
    store.put_version("scale", Version("1", "STABLE", str(exported / "1"), "", True))
    _move(store, "1", "STABLE", Share("1", 1.0))
    yield store
    store.close()


def _move(store, version, state, *shares, versions=()):
    store.append_transition(Transition("scale", 0.0, "", state, state, version, "a test", {}), traffic=shares, versions=versions)


def _until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def _in_force(server):
    return httpx.get(f"{server.rest}/healthz").json()["models"]["scale"]


class _Clients:
    """Four clients that ask `count` times in all, and note who answered what."""

    def __init__(self, rest, count):
        self.answers = []
        self._rest, self._count = rest, count
        self._lock = threading.Lock()

    def run(self):
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(self._ask, self._count // 4) for _ in range(4)]:
                done.result()

    def _ask(self, count):
        with httpx.Client(base_url=self._rest, timeout=60) as client:
            for _ in range(count):
                answer = client.post("/v1/models/scale:predict", json={"instances": [1]})
                with self._lock:
                    self.answers.append((answer.status_code, answer.headers.get("x-model-version"), answer.json().get("predictions")))


@pytest.mark.slow
@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_no_request_is_lost_and_none_is_answered_by_a_wrong_version_across_a_rollout_and_a_rollback(store, tmp_path, exported, count):
    with local_server(tmp_path, grpc_port=None) as server:
        clients = _Clients(server.rest, count)
        thread = threading.Thread(target=clients.run)
        thread.start()
        store.put_version("scale", Version("2", "GATED", str(exported / "2"), "", True))
        _until(lambda: _in_force(server)["versions"].get("2") == "AVAILABLE")
        _until(lambda: len(clients.answers) > count * 0.2)
        before = list(clients.answers)
        _move(store, "2", "CANARY", Share("1", 0.5), Share("2", 0.5), versions=[Version("2", "CANARY", str(exported / "2"), "", True)])
        _until(lambda: _in_force(server)["traffic"] == {"2": 0.5, "1": 0.5})
        _until(lambda: len(clients.answers) > count * 0.6)
        back = Version("2", "ROLLED_BACK", str(exported / "2"), "", True, frozen=True)
        _move(store, "2", "ROLLED_BACK", Share("1", 1.0), versions=[back])
        _until(lambda: _in_force(server)["traffic"] == {"1": 1.0} and _in_force(server)["versions"]["2"] == "END")
        after = len(clients.answers)
        thread.join()
    assert len(clients.answers) == count
    assert {status for status, _, _ in clients.answers} == {200}
    assert all(predictions == [float(version)] for _, version, predictions in clients.answers)
    assert {version for _, version, _ in before} == {"1"}
    assert {version for _, version, _ in clients.answers[after + 4 :]} <= {"1"}
    assert "2" in {version for _, version, _ in clients.answers}
    assert sum(row.requests for version in "12" for row in store.evidence_since("scale", version, 0)) == count


@pytest.mark.slow
def test_a_killed_server_comes_back_as_the_database_says(store, tmp_path, exported):
    server = start(tmp_path, grpc_port=None)
    canary = Version("2", "CANARY", str(exported / "2"), "", True)
    _move(store, "2", "CANARY", Share("1", 0.75), Share("2", 0.25), versions=[canary])
    _until(lambda: _in_force(server)["traffic"] == {"1": 0.75, "2": 0.25})
    server.kill()
    again = start(tmp_path, grpc_port=None)
    try:
        assert _in_force(again)["traffic"] == {"2": 0.25, "1": 0.75}
        answers = [httpx.post(f"{again.rest}/v1/models/scale:predict", json={"instances": [1]}).json()["predictions"][0] for _ in range(20)]
        assert (answers.count(1.0), answers.count(2.0)) == (15, 5)
    finally:
        again.stop()


@pytest.mark.slow
def test_a_shadow_is_asked_compared_and_never_heard(store, tmp_path, exported):
    shadow = Version("2", "SHADOW", str(exported / "2"), "", True)
    _move(store, "2", "SHADOW", Share("1", 1.0), Share("2", 1.0, shadow=True), versions=[shadow])
    with local_server(tmp_path, grpc_port=None, options=["--max-batch-size", "8"]) as server:
        answers = [httpx.post(f"{server.rest}/v1/models/scale:predict", json={"instances": [value]}) for value in (0, 1, 2, 0)]
    assert [each.json()["predictions"] for each in answers] == [[0.0], [1.0], [2.0], [0.0]]
    rows = store.evidence_since("scale", "2", 0)
    assert (sum(row.requests for row in rows), sum(row.compared for row in rows), sum(row.agreed for row in rows)) == (4, 4, 2)
