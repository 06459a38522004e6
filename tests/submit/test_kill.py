"""A runner killed with -9 at any moment leaves nothing that is later trusted by mistake, and the next run goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jupyter_mlops.submit.cache import sealed

RUNNER = """
import json, pathlib, sys
from jupyter_mlops.submit.local import run
result = run(json.load(open("plan.json")), directory=pathlib.Path.cwd(), workers=3)
print(json.dumps([result.exit, result.digests()]))
"""


@pytest.fixture
def start(tmp_path):
    """Start a runner of its own on `plan.json` in a folder."""
    started = []

    def begin(folder):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen([sys.executable, "-c", RUNNER], cwd=folder, stdout=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        return process

    yield begin
    for process in started:
        with process:
            process.kill()


@pytest.fixture
def plan(pipelines):
    """A fan-out with a chain, a gathering, a step without cache; each artifact is written slowly, in pieces."""
    s = pipelines.step
    slow = """
import random
def slowly(port, value):
    folder = pathlib.Path(given["artifacts"][port]["artifacts"][0]["uri"])
    folder.mkdir(parents=True)
    for piece in range(4):
        (folder / f"piece-{piece}.bin").write_bytes(random.Random(str([value, piece])).randbytes(5000))
        time.sleep(0.004)
    (folder / "value.json").write_text(json.dumps(value))
    metadata = {"nb2pipe_digest": digest(folder), "nb2pipe_encoding": "{}"}
    result["artifacts"][port] = {"artifacts": [{"name": port, "uri": str(folder), "metadata": metadata}]}
"""
    fan = {"foreach": "xs", "parameters": ["xs"]}
    return pipelines.plan(
        s("load", slow + "slowly('raw', list(range(9)))", outputs=["raw"]),
        s("side", slow + "slowly('s', 'side')", outputs=["s"], cache=False),
        s("fit", slow + "slowly('m', [P['xs-item'], sum(I['raw'][0])])", inputs={"raw": "load.raw"}, outputs=["m"], **fan),
        s("score", slow + "slowly('s', I['m'][0] * 2)", inputs={"m": "fit.m"}, outputs=["s"], **fan),
        s("best", slow + "slowly('b', [I['s'], I['side']])", inputs={"s": ("score.s", "concatenate"), "side": "side.s"}, outputs=["b"]),
        parameters=[("xs", "list", [1, 2, 3])],
    )


def wait_for(path: Path, runner):
    """Return when the file is there; a runner that ended will never write it."""
    while not path.exists():
        assert runner.poll() is None
        time.sleep(0.005)


def nothing_half_written(state: Path):
    """Every record in place is whole, and every output it speaks of has the bytes it was recorded with."""
    for record in [*state.glob("cache/*/entry.json"), *state.glob("runs/*/steps/**/record.json")]:
        assert sealed(json.loads(record.read_text()), record.parent / "outputs"), record
    for record in state.glob("runs/*/run.json"):
        json.loads(record.read_text())


@pytest.mark.slow
def test_twenty_kills_at_random_moments_change_nothing(start, plan, tmp_path):
    def folder(name):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.json").write_text(json.dumps(plan))
        return tmp_path / name

    began = time.monotonic()
    undisturbed = json.loads(start(folder("undisturbed")).communicate()[0])
    length = time.monotonic() - began
    assert undisturbed[0] == 0
    moments = random.Random(20261123)
    for number in range(20):
        here = folder(str(number))
        for _ in range(1 + number % 2):
            process = start(here)
            time.sleep(moments.uniform(0.1, 1.0) * length)
            process.kill()
            process.communicate()
            if (here / ".nb2pipe").exists():
                nothing_half_written(here / ".nb2pipe")
        again = start(here)
        assert json.loads(again.communicate()[0]) == undisturbed, number
        nothing_half_written(here / ".nb2pipe")
        assert not list(here.glob(".nb2pipe/cache/.*")), "what killed runners left half-made is swept away"


def test_steps_die_with_a_killed_runner_and_the_run_goes_on(start, pipelines, tmp_path):
    s = pipelines.step
    hold = "open('pid.new', 'w').write(str(os.getpid())); os.rename('pid.new', 'pid')\nwhile not os.path.exists('go'): time.sleep(0.01)\nout('x', 2)"
    plan = pipelines.plan(
        s("first", "open('ran', 'a').write('x')\nout('x', 1)", outputs=["x"], cache=False),
        s("second", hold, inputs={"x": "first.x"}, outputs=["x"], cache=False),
    )
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    runner = start(tmp_path)
    wait_for(tmp_path / "pid", runner)
    runner.kill()
    runner.communicate()
    step = Path(f"/proc/{(tmp_path / 'pid').read_text()}/stat")
    while step.exists() and step.read_text().split()[2] != "Z":
        time.sleep(0.005)
    (tmp_path / "go").touch()
    assert json.loads(start(tmp_path).communicate()[0])[0] == 0
    assert (tmp_path / "ran").read_text() == "x", "the completed step did not run again, though its cache is off"
    assert len(list(tmp_path.glob(".nb2pipe/runs/*"))) == 1


def test_sigterm_stops_the_steps_and_exits_143(start, pipelines, tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(pipelines.plan(pipelines.step("a", "open('here', 'w')\ntime.sleep(60)"))))
    runner = start(tmp_path)
    wait_for(tmp_path / "here", runner)
    runner.send_signal(signal.SIGTERM)
    assert json.loads(runner.communicate()[0])[0] == 143


def test_a_process_that_outlives_its_runner_cannot_write_into_the_next_attempt(start, pipelines, tmp_path):
    """A grandchild leaves the group, so nobody kills it; it writes into the artifact of its own attempt only."""
    late = "import os,sys,time\\nwhile not os.path.exists('go'): time.sleep(0.005)\\nos.makedirs(sys.argv[1], exist_ok=True); open(sys.argv[1] + '/value.json', 'w').write('666'); open('wrote', 'w')"
    code = f"""
import subprocess
if not os.path.exists('pid'):
    uri = given["artifacts"]["x"]["artifacts"][0]["uri"]
    open('pid', 'w').write(str(subprocess.Popen([sys.executable, '-S', '-c', "{late}", uri], start_new_session=True).pid))
    open('ready', 'w')
    time.sleep(60)
open('go', 'w')
while not os.path.exists('wrote'): time.sleep(0.005)
out('x', 1)
"""
    (tmp_path / "plan.json").write_text(json.dumps(pipelines.plan(pipelines.step("a", code, outputs=["x"]))))
    runner = start(tmp_path)
    wait_for(tmp_path / "ready", runner)
    runner.kill()
    runner.communicate()
    assert json.loads(start(tmp_path).communicate()[0])[0] == 0
    (value,) = tmp_path.glob(".nb2pipe/runs/*/steps/a/outputs/x/value.json")
    assert value.read_text() == "1"
