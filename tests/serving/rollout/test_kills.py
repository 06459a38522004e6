"""Server and controller killed with -9 again and again in the middle of a rollout: clients ask again, and nothing else is noticed."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import closing

import httpx
import pytest

from jupyter_mlops.serving.rollout.deploy import deploy
from jupyter_mlops.serving.rollout.store import Store
from jupyter_mlops.serving.server import start

ROLLOUT = {
    "shadow": {"for": "2s"}, "steps": ["10%", "50%", "100%"], "each": {"min_requests": 40, "max_duration": "10m"}, "interval": "1s",
    "bake": "2s", "silence": "5m", "guard": [{"signal": "errors", "tolerated": 0.2}, {"signal": "latency_p99", "at_most": "10s", "worse_by": 20}],
}  # fmt: skip
REFUSED = (ConnectionError, http.client.HTTPException, FileNotFoundError)


class Clients:
    """Four clients; each request is asked until it is answered, and its answer noted: (id, sent, received, version, status, body)."""

    def __init__(self, address):
        self.address, self.answers, self.retries, self.done = address, [], 0, threading.Event()
        self._numbers = itertools.count()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self.done.set()
        for thread in self._threads:
            thread.join()

    def _work(self):
        while not self.done.is_set():
            name = f"r{next(self._numbers)}"
            while (answer := self._ask(name)) is None:
                self.retries += 1
                self.done.wait(0.02)
            self.answers.append((name, *answer))

    def _ask(self, name):
        sent = time.time()
        try:
            place = json.loads(self.address.read_text())["rest"].removeprefix("http://")
            with closing(http.client.HTTPConnection(place, timeout=120)) as connection:  # also when the server dies in between
                connection.request("POST", "/v1/models/scale:predict", '{"instances": [3.0]}', {"X-Request-Id": name})
                answer = connection.getresponse()
                body = json.loads(answer.read())
        except REFUSED:
            return None
        return sent, time.time(), answer.headers["x-model-version"], answer.status, body


class Processes:
    """A server and a controller that are killed and started together."""

    def __init__(self, home, python_path):
        self.home, self._environment = home, {**os.environ, "PYTHONPATH": python_path}
        self.start()

    def start(self):
        self.server = start(self.home, grpc_port=None)
        command = [sys.executable, "-m", "jupyter_mlops.serving.rollout", "--home", str(self.home), "--every", "0.2", "--forever"]
        self.controller = subprocess.Popen(command, env=self._environment)

    def kill(self):
        self.server.kill()
        self.controller.kill()
        self.controller.wait()


@pytest.mark.slow
@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_kills_of_server_and_controller_lose_no_request_and_no_state(tmp_path, exported, python_path, monkeypatch, count):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    store = Store(tmp_path / "serving" / "serving.db")
    processes = Processes(tmp_path, python_path)

    def wait_for(reached):
        end = time.monotonic() + 400
        while not reached():
            log = [(change.to_state, change.stage, change.reason) for change in store.transitions("scale")]
            assert time.monotonic() < end, log
            assert log[-1][0] != "ROLLED_BACK", log
            time.sleep(0.05)

    def at(stage, times=1):
        return lambda: [change.stage for change in store.transitions("scale")].count(stage) >= times

    def kill_and_go_on():
        processes.kill()
        before = store.transitions("scale"), store.traffic("scale"), store.rollout("scale").state["stage"]
        processes.start()
        again = store.transitions("scale")
        assert again[: len(before[0])] == before[0]
        if len(again) == len(before[0]):  # the new controller may have gone on already
            assert (store.traffic("scale"), store.rollout("scale").state["stage"]) == before[1:]

    deploy(exported / "1", name="scale", rollout=ROLLOUT, controller=False)
    wait_for(at("stable"))
    in_force = f"{processes.server.rest}/healthz"  # before the first version is in force, an answer is 404
    wait_for(lambda: httpx.get(in_force, timeout=60).json()["models"]["scale"]["traffic"] == {"1": 1.0})
    clients = Clients(tmp_path / "serving" / "server.json")
    try:
        deploy(exported / "1", name="scale", rollout=ROLLOUT, controller=False)
        for stage in ("canary 10 %", "canary 50 %", "canary 100 %"):
            wait_for(at(stage))
            kill_and_go_on()
        health = f"{processes.server.rest}/healthz"
        wait_for(lambda: httpx.get(health, timeout=60).json()["models"]["scale"]["traffic"] == {"2": 1.0})
        all_new = time.time()
        wait_for(lambda: at("stable", 2)() and len(clients.answers) >= count)
    finally:
        clients.stop()
        processes.kill()
    states = [change.to_state for change in store.transitions("scale")]
    assert states == ["DRAFT", "GATED", "STABLE", "DRAFT", "GATED", "SHADOW", "CANARY", "CANARY", "CANARY", "BAKING", "STABLE"]
    names = [answer[0] for answer in clients.answers]
    assert sorted(names, key=lambda name: int(name[1:])) == [f"r{number}" for number in range(len(names))]  # each once, none missing
    assert len(names) >= count
    assert clients.retries > 0
    assert {(status, str(body)) for *_, status, body in clients.answers} == {(200, "{'predictions': [3.0]}")}
    canary = next(change.at for change in store.transitions("scale") if change.to_state == "CANARY")
    assert {version for _, _, received, version, *_ in clients.answers if received < canary} == {"1"}
    assert {version for _, sent, _, version, *_ in clients.answers if sent > all_new} == {"2"}
    store.close()
