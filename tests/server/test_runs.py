"""Runs as the front end sees them: started, followed, failed, gone on with, stopped, found again, compared; in a real server."""

from __future__ import annotations

import os
import signal
import time

import pytest
from followed import TRAINING, checked, follow, has_printed, look, start, states, write
from jupyter_process import PASSWORD, running

pytestmark = pytest.mark.slow

WAIT = """import os, time
with open('pid.txt', 'w') as file:
    file.write(str(os.getpid()))
print('waiting')
while not os.path.exists('go.txt'):
    time.sleep(0.05)
result = value + 1"""
SLOW = (
    (["step:first"], "with open('count.txt', 'a') as file:\n    file.write('x')\nvalue = 7"),
    (["step:wait"], WAIT),
    (["step:last"], "print('end', result)"),
)


@pytest.fixture
def place(server, request):
    """A folder of its own below the server's root, by its name there."""
    name = request.node.name
    (server.root / name).mkdir()
    return name


@pytest.fixture
def slow(server, place):
    """A run whose second step waits for a file."""
    write(server.root / place / "slow.ipynb", *SLOW)
    run = follow(server, start(server, f"{place}/slow.ipynb"), has_printed("waiting"))[0]
    yield run
    (server.root / place / "go.txt").touch()


def text_of(server, run, rest):
    response = server.ask("GET", f"runs/{run['summary']['id']}/steps/{rest}")
    return response.status_code, response.text


def runner_of(server, place, run):
    return int((server.root / place / ".nb2pipe" / "runs" / run["summary"]["id"].partition("~")[2] / "lock").read_text().split()[0])


def test_a_run_is_started_with_parameters_and_followed_to_its_end(server, place):
    path = f"{place}/a.ipynb"
    write(server.root / path, *TRAINING)
    begun = start(server, path, parameters={"rounds": 3})
    assert (begun["summary"]["kind"], begun["summary"]["notebook"], begun["summary"]["total"]) == ("local", path, 3)
    ended, printed = follow(server, begun)
    assert (ended["summary"]["state"], ended["summary"]["done"]) == ("succeeded", 3)
    assert ended["summary"]["parameters"] == {"rate": 0.5, "rounds": 3}
    assert states(ended) == {"load": "succeeded", "train": "succeeded", "show": "succeeded"}
    assert printed[:2] == [("load", "cell 2 │ loaded 3"), ("train", "cell 3 │ weight 9.0")]
    assert text_of(server, ended, "train/log") == (200, "cell 3 │ weight 9.0\n")
    assert text_of(server, ended, "train/log?offset=18&limit=3") == (200, "9.0")
    code, page = text_of(server, ended, "show/page")
    assert (code, "<b id=card>weight 9.0</b>" in page) == (200, True)
    assert [step["page"] for step in ended["steps"]] == [False, False, True]
    assert text_of(server, ended, "load/page")[0] == text_of(server, ended, "nothing/log")[0] == 404
    listed = checked(server.ask("GET", f"runs?path={path}"), "Runs")["runs"]
    assert [each["id"] for each in listed] == [ended["summary"]["id"]]
    assert ended["summary"]["id"] in [each["id"] for each in checked(server.ask("GET", "runs"), "Runs")["runs"]]


def test_what_has_run_before_is_taken_from_the_cache_unless_it_must_not_be(server, place):
    path = f"{place}/a.ipynb"
    write(server.root / path, *TRAINING)
    follow(server, start(server, path))
    again, _ = follow(server, start(server, path))
    assert set(states(again).values()) == {"cached"}
    fresh, _ = follow(server, start(server, path, fresh=True))
    assert set(states(fresh).values()) == {"succeeded"}
    assert len(checked(server.ask("GET", f"runs?path={path}"), "Runs")["runs"]) == 3


@pytest.mark.parametrize(
    ("cells", "asked", "status", "said"),
    [
        (TRAINING, {"parameters": {"rounds": "many"}}, 400, "rounds"),
        (TRAINING, {"parameters": {"roundz": 1}}, 400, "roundz"),
        ([(["step:a"], "print(missing)")], {}, 400, "error"),
        ([(["skip"], "print(1)")], {}, 400, "no steps"),
        ([], {}, 404, "there is no notebook"),
        (TRAINING, {"kind": "kubeflow", "endpoint": "http://me:secret@host"}, 400, "password"),
    ],
    ids=["type", "name", "error", "no steps", "not saved", "password in the address"],
)
def test_a_run_that_cannot_be_is_refused_in_a_sentence_and_leaves_nothing(server, place, cells, asked, status, said):
    if cells:
        write(server.root / place / "a.ipynb", *cells)
    problem = start(server, f"{place}/a.ipynb", status=status, **asked)
    assert said in problem["message"]
    assert not (server.root / place / ".nb2pipe").exists()


def test_a_step_that_fails_says_where_and_its_run_goes_on_once_it_is_mended(server, place):
    path = f"{place}/a.ipynb"
    broken = [*TRAINING[:2], (["step:train"], "weight = data[0]\nweight / 0"), *TRAINING[3:]]
    write(server.root / path, *broken)
    failed, _ = follow(server, start(server, path))
    assert (failed["summary"]["state"], states(failed)) == ("failed", {"load": "succeeded", "train": "failed", "show": "not run"})
    step = failed["steps"][1]
    assert (step["cell"], step["line"]) == (3, 2)
    assert "ZeroDivisionError" in step["headline"]
    assert "ZeroDivisionError" in text_of(server, failed, "train/log")[1]
    write(server.root / path, *TRAINING)
    gone_on = checked(server.ask("POST", f"runs/{failed['summary']['id']}/resume", json={}), "Run")
    assert gone_on["summary"]["id"] == failed["summary"]["id"]
    ended, _ = follow(server, gone_on)
    assert ended["summary"]["state"] == "succeeded"
    assert (states(ended)["load"], states(ended)["train"]) == ("resumed", "succeeded")
    refused = checked(server.ask("POST", f"runs/{ended['summary']['id']}/resume", json={}), "Problem", 409)
    assert "has succeeded" in refused["message"]


def test_a_folder_that_cannot_be_written_is_said_to_be_one(server, place):
    write(server.root / place / "a.ipynb", *TRAINING)
    (server.root / place / ".nb2pipe").write_text("in the way", encoding="utf-8")
    assert "cannot write to" in start(server, f"{place}/a.ipynb", status=400)["message"]


def test_what_goes_on_is_neither_started_again_nor_gone_on_with(server, place, slow):
    again = start(server, f"{place}/slow.ipynb", status=409)
    resumed = checked(server.ask("POST", f"runs/{slow['summary']['id']}/resume", json={}), "Problem", 409)
    assert ("stop it" in again["hint"], "still going on" in resumed["message"]) == (True, True)


def test_a_stopped_run_leaves_no_process_and_can_be_gone_on_with(server, place, slow):
    pid = int((server.root / place / "pid.txt").read_text())
    checked(server.ask("POST", f"runs/{slow['summary']['id']}/stop", json={}), "Run")
    stopped, _ = follow(server, slow)
    assert (stopped["summary"]["state"], states(stopped)) == ("interrupted", {"first": "succeeded", "wait": "stopped", "last": "not run"})
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    (server.root / place / "go.txt").touch()
    ended, _ = follow(server, checked(server.ask("POST", f"runs/{slow['summary']['id']}/resume", json={}), "Run"))
    assert states(ended) == {"first": "resumed", "wait": "succeeded", "last": "succeeded"}
    assert (server.root / place / "count.txt").read_text() == "x"


def test_a_runner_that_is_killed_is_seen_and_its_run_gone_on_with(server, place, slow):
    os.kill(runner_of(server, place, slow), signal.SIGKILL)
    seen, _ = follow(server, slow)
    assert (seen["summary"]["state"], states(seen)["wait"]) == ("interrupted", "stopped")
    (server.root / place / "go.txt").touch()
    ended, _ = follow(server, checked(server.ask("POST", f"runs/{slow['summary']['id']}/resume", json={}), "Run"))
    assert (ended["summary"]["state"], states(ended)["first"]) == ("succeeded", "resumed")


def test_a_run_outlives_the_server_that_started_it(tmp_path):
    write(tmp_path / "root" / "deep" / "slow.ipynb", *SLOW)
    with running(tmp_path) as (server, process):
        begun = follow(server, start(server, "deep/slow.ipynb"), has_printed("waiting"))[0]
        process.kill()
        process.wait()
    with running(tmp_path) as (server, _):
        (found,) = checked(server.ask("GET", "runs?path=deep/slow.ipynb"), "Runs")["runs"]
        assert (found["id"], found["state"], found["alive"]) == (begun["summary"]["id"], "running", True)
        assert "cell 2 │ waiting" in [line for each in look(server, found["id"])["output"] for line in each["lines"]]
        (tmp_path / "root" / "deep" / "go.txt").touch()
        ended, printed = follow(server, begun)
    assert (ended["summary"]["state"], printed[-1]) == ("succeeded", ("last", "cell 3 │ end 8"))


def test_two_runs_are_compared_by_parameters_code_and_outputs(server, place):
    path = f"{place}/a.ipynb"
    write(server.root / path, *TRAINING)
    one, _ = follow(server, start(server, path))
    other, _ = follow(server, start(server, path, parameters={"rounds": 4}))
    compared = checked(server.ask("GET", f"compare?left={one['summary']['id']}&right={other['summary']['id']}"), "Comparison")
    assert [(row["name"], row["same"], row["change"]) for row in compared["parameters"]] == [("rate", True, 0.0), ("rounds", False, 2)]
    assert [(step["label"], step["code"]) for step in compared["steps"]] == [("load", True), ("train", False), ("show", False)]
    assert [bool(step["outputs"]) for step in compared["steps"]] == [False, True, True]
    missing = checked(server.ask("GET", f"compare?left={one['summary']['id']}&right=0001-none"), "Problem", 404)
    assert "there is no run" in missing["message"]


def test_the_metrics_of_two_runs_are_compared(server, place):
    path = f"{place}/a.ipynb"
    write(server.root / path, *TRAINING)
    runs = [follow(server, start(server, path, parameters={"rounds": rounds}))[0] for rounds in (2, 4)]
    compared = checked(server.ask("GET", f"compare?left={runs[0]['summary']['id']}&right={runs[1]['summary']['id']}"), "Comparison")
    assert [(row["left"], row["right"], row["change"]) for row in compared["metrics"]] == [("6.0", "12.0", 6.0)]


COUNT = "class Count:\n    n = 3\n    def __getstate__(self):\n        return {{'n': {kept}}}\n\ntotal = Count()"


@pytest.mark.parametrize(("kept", "state"), [(3, "equal"), (5, "different")])
def test_a_verification_says_whether_steps_do_what_the_notebook_does(server, place, kept, state):
    write(server.root / place / "a.ipynb", (["step:a"], COUNT.format(kept=kept)), (["step:b"], "print(total.n)"))
    ended, _ = follow(server, start(server, f"{place}/a.ipynb", "verify"))
    assert (ended["summary"]["state"], bool(ended["verdict"])) == (state, True)
    assert [bool(step["reason"]) for step in ended["steps"]] == [False, state == "different"]
    refused = checked(server.ask("POST", f"runs/{ended['summary']['id']}/resume", json={}), "Problem", 409)
    assert refused["hint"] == "verify again"


def test_a_secret_reaches_its_step_and_no_file(server, place):
    cells = [
        (
            ["step:a", "secret:db:password:DB_PASSWORD"],
            "import os\nsecret = os.environ['DB_PASSWORD']\nprint(len(secret), secret)\ndel secret",
        )
    ]
    write(server.root / place / "a.ipynb", *cells)
    ended, printed = follow(server, start(server, f"{place}/a.ipynb"))
    assert (ended["summary"]["state"], printed[0]) == ("succeeded", ("a", f"cell 1 │ {len(PASSWORD)} ***"))
    assert [path for path in (server.root / place).rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()] == []


def test_asking_waits_only_as_long_as_nothing_happens(server, slow):
    began = time.monotonic()
    seen = look(server, slow["summary"]["id"], after=slow["next"], wait=1)
    assert (seen["output"], seen["next"], time.monotonic() - began >= 1) == ([], slow["next"], True)
    assert checked(server.ask("GET", f"runs/{slow['summary']['id']}?after=x"), "Problem", 400)["message"].startswith("`after` is `x`")
