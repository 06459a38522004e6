"""A version that has traffic and cannot be loaded any more: the stable one answers for it, and the rollout goes back."""

from __future__ import annotations

import shutil
import time

import httpx
import pytest

from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.events import Stage
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Evidence, Store, Transition, Version
from jupyter_mlops.serving.server import local_server

SPEC = Spec.read({"shadow": {"for": "5s"}, "steps": ["50%", "100%"], "each": {"min_requests": 50}, "interval": "1s"})


def _to_canary(controller, store):
    """Play the shadow stage in the last two minutes, with evidence of its own."""
    now = time.time() - 120
    stable = Transition("scale", now, "NEW", "STABLE", "stable", "1", "was there", {})
    known = {version.version: version for version in store.versions("scale")}
    store.append_transition(stable, versions=[known["1"]])
    assert not controller.submit(known["2"]._replace(state="DRAFT", smoke=None), SPEC, now=now)
    while controller.tick(now).stage is not Stage.CANARY:
        assert now < time.time() - 5
        store.add_evidence([Evidence("scale", version, int(now), 500, 0, {80: 500}, {"0": 500}) for version in "12"])
        now += 1


@pytest.mark.slow
def test_a_canary_that_cannot_be_loaded_is_answered_for_by_the_stable_version_and_rolled_back(tmp_path, exported, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    shutil.copytree(exported / "2", tmp_path / "2")
    with Store(tmp_path / "serving" / "serving.db") as store:
        store.put_version("scale", Version("1", "STABLE", str(exported / "1"), "", True))
        store.put_version("scale", Version("2", "DRAFT", str(tmp_path / "2")))
        controller = Controller(store, "scale", smoke=lambda model, version: SmokeResult(True))
        _to_canary(controller, store)
        (tmp_path / "2" / "saved_model.pb").write_bytes(b"not a SavedModel")
        with local_server(tmp_path, grpc_port=None) as server, httpx.Client(base_url=server.rest, timeout=60) as client:
            end = time.monotonic() + 200
            answers = []
            while (state := controller.tick(time.time())).stage not in {Stage.ROLLED_BACK, Stage.STABLE}:
                assert time.monotonic() < end, store.transitions("scale")[-1]
                answers += [client.post("/v1/models/scale:predict", json={"instances": [3.0]}) for _ in range(20)]
        back = store.transitions("scale")[-2]
    assert {(each.status_code, each.headers["x-model-version"], *each.json()["predictions"]) for each in answers} == {(200, "1", 3.0)}
    assert (state.stage, state.stable, back.to_state) == (Stage.ROLLED_BACK, "1", "ROLLING_BACK")
    assert back.reason.startswith("errors: 100.00% failed")
