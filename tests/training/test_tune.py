"""A search is seeded, prunes, is killed and goes on, and can be a fan-out."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import jupyter_mlops as ml
from jupyter_mlops.training.importance import explained

pytest.importorskip("optuna", reason="what searches")

SPACE = {"x": (-5.0, 5.0), "depth": (1, 4), "kind": ["a", "b"]}


def hill(point):
    return -((point["x"] - 2) ** 2) - (point["kind"] == "b")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NB2PIPE_HOME", str(tmp_path_factory.mktemp("home")))
        return ml.tune(hill, SPACE, trials=30, direction="maximize")


def test_it_finds_the_hill(found):
    assert len(found.trials) == 30
    assert found.best_value > -0.3
    assert found.best_parameters["kind"] == "a"
    assert (
        found.text().splitlines()[0]
        == f"{found.name}: highest value {found.best_value:.5g} in trial {found.best['number']}; 30 of 30 trials"
    )


def test_what_matters_is_told_from_what_does_not(found):
    shares = found.importance()
    assert max(shares, key=shares.get) == "x"
    assert shares["depth"] < 0.3


def test_the_same_seed_makes_the_same_trials(found):
    assert ml.tune(hill, SPACE, trials=12, direction="maximize").trials == found.trials[:12]


def test_the_page_holds(found):
    page = found.html()
    assert 'role="img"' in page
    assert len(page) < 100_000


def test_finished_trials_are_not_made_again():
    calls = []
    objective = lambda point: calls.append(point) or point["x"]
    for _ in range(2):
        ml.tune(objective, {"x": (0.0, 1.0)}, trials=5, direction="minimize", study="once")
    assert len(calls) == 5
    ml.tune(objective, {"x": (0.0, 1.0)}, trials=5, direction="minimize", study="once", resume=False)
    assert len(calls) == 10


PROGRAM = """
    import sys
    import jupyter_mlops as ml

    def objective(point):
        with open(sys.argv[1], "a") as log:
            log.write("begun\\n")
        if len(open(sys.argv[1]).read().split()) == 6 and sys.argv[2] == "hang":
            print("hanging", flush=True)
            sys.stdin.read()
        return (point["x"] - 2) ** 2

    study = ml.tune(objective, {"x": (-5.0, 5.0)}, trials=12, direction="minimize", study="killed")
    print([trial["parameters"]["x"] for trial in study.trials])
"""


@pytest.mark.slow
def test_a_killed_search_goes_on_as_if_it_had_not_been(tmp_path):
    program = tmp_path / "search.py"
    program.write_text(textwrap.dedent(PROGRAM))

    def start(home, mode):
        environment = {**os.environ, "NB2PIPE_HOME": str(tmp_path / home)}
        command = [sys.executable, str(program), str(tmp_path / f"{home}.log"), mode]
        return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    victim = start("killed", "hang")
    assert victim.stdout.readline() == "hanging\n"
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    resumed, whole = (start(home, "run").communicate()[0] for home in ("killed", "whole"))
    assert resumed == whole != ""
    assert len(Path(tmp_path / "killed.log").read_text().split()) == 13, "five finished, one killed, seven after"


@pytest.mark.slow
def test_a_trial_that_reports_is_pruned():
    import optuna

    steps = []

    def objective(point, trial):
        for step in range(10):
            trial.report(point["x"], step)
            steps.append(step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return point["x"]

    study = ml.tune(objective, {"x": (0.0, 1.0)}, trials=20, direction="minimize")
    states = [trial["state"] for trial in study.trials]
    assert states.count("pruned") > 0
    assert len(steps) < 200
    assert study.metrics["pruned_trials"] == states.count("pruned")


def test_trials_side_by_side_are_as_many():
    study = ml.tune(hill, SPACE, trials=12, direction="maximize", parallel=3)
    assert [trial["number"] for trial in study.trials] == list(range(12))


def test_an_objective_that_raises_stops_the_search_and_keeps_what_there_is():
    def objective(point, seen=[]):  # noqa: B006 - it counts
        seen.append(0)
        if len(seen) == 3:
            raise RuntimeError("out of memory")
        return point["x"]

    task = lambda point: objective(point)  # noqa: PLW0108 - one parameter: no trial is passed
    with pytest.raises(RuntimeError, match=r"^out of memory$"):
        ml.tune(task, {"x": (0.0, 1.0)}, trials=4, direction="minimize", study="raises")
    assert len(ml.tune(task, {"x": (0.0, 1.0)}, trials=4, direction="minimize", study="raises").trials) == 4


def test_the_problem_card_gives_the_direction():
    ml.problem("churn", metric="log_loss")
    assert ml.tune.collect([{"parameters": {"x": 1}, "value": 3}, {"parameters": {"x": 2}, "value": 2}]).best_parameters == {"x": 2}


def test_a_fan_out_covers_the_space_evenly():
    points = ml.tune.trials({"x": (0.0, 1.0), "kind": ["a", "b"], "n": (1, 1000, "log")}, 10, seed=3)
    assert sorted(int(point["x"] * 10) for point in points) == list(range(10))
    assert sorted(point["kind"] for point in points) == ["a"] * 5 + ["b"] * 5
    assert sum(point["n"] <= 31 for point in points) in (4, 5, 6)
    assert ml.tune.trials({"x": (0.0, 1.0), "kind": ["a", "b"], "n": (1, 1000, "log")}, 10, seed=3) == points


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({}, "the space is empty"),
        ({"x": (2, 1)}, r"`x=\(2, 1\)` is no range"),
        ({"x": (0.0, 1.0, "log")}, "must be above 0 for `log`"),
        ({"x": 3}, "`x` is `.low, high.`"),
        ({"x": []}, "`x` needs choices"),
    ],
)
def test_a_space_that_is_none_is_refused(space, message):
    with pytest.raises((ValueError, TypeError), match=message):
        ml.tune(hill, space, direction="maximize")


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match=r"^trial 0 gave `nan`; a finite number was expected$"):
        ml.tune(lambda _: float("nan"), {"x": (0, 1)}, direction="minimize")
    with pytest.raises(ValueError, match=r"^no direction is given and there is no problem card"):
        ml.tune(hill, SPACE)


def test_a_parameter_that_decides_alone_explains_all():
    assert explained(["a", "b"] * 20, [0.0, 1.0] * 20) == 1
    assert explained([1, 2, 3], [1.0, 1.0, 1.0]) == 0
