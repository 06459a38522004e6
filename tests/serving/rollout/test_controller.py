"""A controller moves a rollout on measured evidence, writes every change, and may be killed anywhere. Clocks are numbers; nothing sleeps."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult, spec_file
from jupyter_mlops.serving.rollout.events import Stage
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Evidence, Store, Transition, Version

SPEC = Spec.read(
    {"shadow": {"for": "30s"}, "each": {"min_requests": 200, "max_duration": "10m"}, "bake": "60s", "silence": "60s", "hold": "5m"}
)


class World:
    """A model in service: time passes, requests are answered as the traffic says, the controller looks each interval."""

    def __init__(self, path, rates, *, requests=100, smoke=True, latency=80, predictions=None):
        self.store = Store(path / "serving" / "serving.db")
        self.now, self.rates, self.requests, self.latency = 1_000_000.0, rates, requests, latency
        self.predictions = predictions or {}
        self.random = np.random.default_rng(0)
        self.controller = Controller(self.store, "churn", smoke=lambda model, version: SmokeResult(smoke))
        self.store.append_transition(
            Transition("churn", self.now, "NEW", "STABLE", "stable", "1", "was there", {}), versions=[Version("1", "STABLE", smoke=True)]
        )
        assert not self.controller.submit(Version("2", "DRAFT"), SPEC, now=self.now)

    def second(self):
        rows = []
        for share in self.store.traffic("churn"):
            count = int(self.random.binomial(self.requests, share.share))
            if not count:
                continue
            errors = int(self.random.binomial(count, self.rates[share.version]))
            latency = self.latency.get(share.version, 80) if isinstance(self.latency, dict) else self.latency
            spread = self.random.multinomial(count, self.predictions.get(share.version, [0.5, 0.5]))
            bins = {str(place): int(rows_) for place, rows_ in enumerate(spread)}
            rows.append(Evidence("churn", share.version, int(self.now), count, errors, {latency: count}, bins))
        self.store.add_evidence(rows)
        self.now += 1

    def go_on(self, seconds, until=None):
        for _ in range(seconds):
            if self.now % SPEC.interval_seconds == 0:
                self.controller.tick(self.now)
            if self.controller.state().stage in (until or ()):
                return self.controller.state()
            self.second()
        return self.controller.state()

    def log(self):
        return [(change.to_state, change.stage) for change in self.store.transitions("churn")]


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))


def test_a_healthy_version_goes_through_all_stages(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, requests=200)
    state = world.go_on(1800, until=[Stage.STABLE])
    assert [stage for _, stage in world.log()[1:]] == [
        "draft", "gated", "shadow", "canary 10 %", "canary 50 %", "canary 100 %", "baking", "stable",
    ]  # fmt: skip
    assert (state.stable, state.previous) == ("2", "1")
    assert [(version.version, version.state) for version in world.store.versions("churn")] == [("1", "SUPERSEDED"), ("2", "STABLE")]
    assert all(
        change.evidence["requests"] >= 200 for change in world.store.transitions("churn") if change.from_state in {"SHADOW", "CANARY"}
    )
    assert json.loads(spec_file(world.store, "churn").read_text()) == {"model": "churn", "version": "2"}


@pytest.mark.parametrize(
    ("broken", "signal"),
    [
        ({"rates": {"1": 0.008, "2": 0.2}}, "errors"),
        ({"rates": {"1": 0.0, "2": 0.0}, "latency": {"2": 120}}, "latency_p99"),
        ({"rates": {"1": 0.0, "2": 0.0}, "predictions": {"1": [0.5, 0.5], "2": [0.9, 0.1]}}, "predictions"),
    ],
)
def test_a_bad_version_is_rolled_back_within_two_intervals_of_the_evidence(tmp_path, broken, signal):
    world = World(tmp_path, **broken)
    state = world.go_on(900, until=[Stage.ROLLED_BACK])
    changes = world.store.transitions("churn")
    back = changes[-2]
    assert (state.stage, back.to_state) == (Stage.ROLLED_BACK, "ROLLING_BACK")
    assert back.reason.startswith(signal)
    assert [(share.version, share.share) for share in world.store.traffic("churn")] == [("1", 1.0)]
    # One interval earlier, all evidence that a controller could read then was not enough.
    guard = next(guard for guard in back.evidence["guards"] if guard["finding"] == "harm")
    assert guard["against"] >= guard["against_needed"]
    assert back.at - changes[-3].at < 900
    assert json.loads(spec_file(world.store, "churn").read_text()) == {"model": "churn", "version": "1"}


def test_the_rollback_comes_less_than_two_intervals_after_the_crossing(tmp_path):
    """The evidence crosses somewhere in the first block that holds errors; the traffic is back before two intervals are over."""
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, requests=100)
    world.go_on(900, until=[Stage.CANARY])
    world.go_on(25)
    world.rates["2"], broke = 1.0, world.now
    world.go_on(60, until=[Stage.ROLLED_BACK])
    assert world.now - broke < 2 * SPEC.interval_seconds


def test_nothing_measured_is_held_and_then_rolled_back(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, requests=0)
    world.go_on(1000, until=[Stage.ROLLED_BACK])
    assert [state for state, _ in world.log()][-4:] == ["SHADOW", "HELD", "ROLLING_BACK", "ROLLED_BACK"]


def test_what_cannot_be_told_in_time_is_held(tmp_path):
    world = World(tmp_path, {"1": 0.004, "2": 0.004}, requests=10)
    world.go_on(1500, until=[Stage.HELD])
    held = world.store.transitions("churn")[-1]
    assert (held.to_state, held.reason.split(":")[0]) == ("HELD", "cannot tell yet from errors")


def test_a_version_that_fails_its_smoke_request_never_gets_traffic(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, smoke=False)
    world.go_on(30)
    assert [state for state, _ in world.log()][-3:] == ["GATED", "ROLLING_BACK", "ROLLED_BACK"]
    assert not world.store.evidence_since("churn", "2", 0)


def test_it_waits_while_nobody_can_be_asked_for_smoke(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, smoke=None)
    assert world.go_on(100).stage is Stage.GATED


def test_a_frozen_version_comes_back_by_a_person_only(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, smoke=False)
    world.go_on(30)
    assert "a person has to bring it back" in world.controller.submit(Version("2", "DRAFT"), SPEC, now=world.now)
    assert not world.controller.submit(Version("2", "DRAFT"), SPEC, now=world.now, person="ana")


def test_commands_are_obeyed_or_answered_why_not(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0})
    world.controller.tick(world.now)
    asked = {name: world.store.ask("churn", name, person="ana", at=world.now) for name in ["promote", "pause", "promote", "resume"]}
    world.controller.tick(world.now)
    assert {name: world.store.outcome(number) for name, number in asked.items()} == {
        "promote": "nothing was measured since the last change; nobody promotes on silence",
        "pause": "held in shadow",
        "resume": "shadow",
    }
    world.go_on(5)
    number = world.store.ask("churn", "rollback", person="ana", at=world.now)
    world.controller.tick(world.now)
    assert (world.store.outcome(number), world.controller.state().stage) == ("rolling back", Stage.ROLLED_BACK)


def test_two_controllers_take_each_step_once(tmp_path):
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, requests=200)
    other = Controller(Store(world.store.path), "churn", smoke=lambda model, version: SmokeResult(True))
    first = world.controller
    for turn in range(60):
        world.controller = (first, other)[turn % 2]
        world.go_on(10)
        (other, first)[turn % 2].tick(world.now)
    log = [state for state, _ in world.log()]
    assert log == ["STABLE", "DRAFT", "GATED", "SHADOW", "CANARY", "CANARY", "CANARY", "BAKING", "STABLE"][: len(log)]


TICKING = """
import os, signal, sys
from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.store import Store
store = Store(sys.argv[1])
left = int(sys.argv[3])
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
store._connection.set_trace_callback(count)
Controller(store, "churn", smoke=lambda model, version: SmokeResult(True)).tick(float(sys.argv[2]))
"""


@pytest.mark.slow
def test_a_controller_killed_anywhere_goes_on_where_it_was(tmp_path, python_path):
    """Each tick runs in a process that is killed at a random statement, then another is; the log is that of an undisturbed rollout."""
    world = World(tmp_path, {"1": 0.0, "2": 0.0}, requests=300)
    random, killed = np.random.default_rng(1), 0
    environment = {**os.environ, "PYTHONPATH": python_path, "NB2PIPE_HOME": str(tmp_path)}
    while world.controller.state().stage is not Stage.STABLE and world.now < 1_000_600:
        for _ in range(10):
            world.second()
        for limit in (int(random.integers(1, 40)), 10**6):
            done = subprocess.run(
                [sys.executable, "-c", TICKING, str(world.store.path), str(world.now), str(limit)], env=environment, timeout=60, check=False
            )
            killed += done.returncode == -9
            assert done.returncode in {0, -9}
    assert killed > 10
    assert [state for state, _ in world.log()] == ["STABLE", "DRAFT", "GATED", "SHADOW", "CANARY", "CANARY", "CANARY", "BAKING", "STABLE"]
    assert world.store.rollout("churn").reported == world.store.transitions("churn")[-1].sequence
