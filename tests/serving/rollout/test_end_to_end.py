"""A real server, real requests, a controller process: one version goes to 100 %, a bad one comes back, and kill -9 of both loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from jupyter_mlops.serving.rollout.deploy import deploy
from jupyter_mlops.serving.rollout.store import Store
from jupyter_mlops.serving.server import start

ROLLOUT = {
    "shadow": {"for": "2s"}, "steps": ["10%", "50%", "100%"], "each": {"min_requests": 100, "max_duration": "5m"}, "interval": "1s",
    "bake": "2s", "silence": "60s", "guard": [{"signal": "errors", "tolerated": 0.05}, {"signal": "latency_p99", "at_most": "10s", "worse_by": 5}],
}  # fmt: skip


class Clients(threading.Thread):
    """Asks as fast as it is answered; while nobody listens it waits. Notes which version gave which answer."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.answers, self.done = address, [], threading.Event()

    def run(self):
        while not self.done.is_set():
            try:
                rest = json.loads(self.address.read_text())["rest"]
                with urlopen(Request(f"{rest}/v1/models/scale:predict", b'{"instances": [3.0]}'), timeout=60) as answer:
                    self.answers.append((answer.headers["x-model-version"], json.load(answer)["predictions"]))
            except (URLError, OSError, ValueError):
                self.done.wait(0.05)


@pytest.mark.slow
def test_a_version_goes_to_all_traffic_a_bad_one_comes_back_and_kills_lose_nothing(tmp_path, exported, python_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": python_path}
    command = [
        sys.executable,
        "-m",
        "jupyter_mlops.serving.rollout",
        "--home",
        str(tmp_path),
        "--model",
        "scale",
        "--every",
        "0.2",
        "--forever",
    ]

    def control():
        return subprocess.Popen(command, env=environment)

    store = Store(tmp_path / "serving" / "serving.db")

    def wait_for(*states):
        end = time.monotonic() + 240
        while (log := store.transitions("scale"))[-1].to_state not in states:
            assert time.monotonic() < end, [(change.to_state, change.stage, change.reason) for change in log]
            time.sleep(0.1)

    server = start(tmp_path, grpc_port=None)
    deploy(exported / "1", name="scale", rollout=ROLLOUT, controller=False)
    controller = control()
    clients = [Clients(tmp_path / "serving" / "server.json") for _ in range(2)]
    try:
        wait_for("STABLE")
        for client in clients:
            client.start()
        deploy(exported / "1", name="scale", rollout=ROLLOUT, controller=False)
        wait_for("CANARY")
        server.kill()
        controller.kill()
        controller.wait()
        kept = store.traffic("scale")
        server, controller = start(tmp_path, grpc_port=None), control()
        assert store.traffic("scale") == kept
        wait_for("STABLE", "ROLLED_BACK")
        deploy(exported / "2", name="scale", rollout=ROLLOUT, controller=False)
        wait_for("ROLLED_BACK")
    finally:
        for client in clients:
            client.done.set()
            if client.is_alive():
                client.join(60)
        controller.kill()
        controller.wait()
        server.kill()
    log = [change.to_state for change in store.transitions("scale")]
    good = ["DRAFT", "GATED", "SHADOW", "CANARY", "CANARY", "CANARY", "BAKING", "STABLE"]
    assert log == ["DRAFT", "GATED", "STABLE", *good, "DRAFT", "GATED", "SHADOW", "ROLLING_BACK", "ROLLED_BACK"]
    assert store.transitions("scale")[-2].reason.startswith("predictions")
    assert [(share.version, share.share) for share in store.traffic("scale")] == [("2", 1.0)]
    answers = [answer for client in clients for answer in client.answers]
    assert {version for version, _ in answers} == {"1", "2"}
    assert all(predictions == [3.0] for _, predictions in answers)


@pytest.mark.slow
def test_a_corrupt_saved_model_fails_its_smoke_request_and_gets_no_traffic(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"not a SavedModel")
    server = start(tmp_path, grpc_port=None)
    try:
        deployment = deploy(folder, wait=True, timeout_seconds=120)
    finally:
        server.stop()
    view = deployment.view()
    assert (view["state"], view["traffic"]) == ("ROLLED_BACK", [])
    assert deployment.text().splitlines()[0] == "broken version 1 was rolled back: its smoke request failed; nothing answers."
