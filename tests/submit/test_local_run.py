"""What a local run does with data, order and control flow."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest


def wait_for_death(pid):
    """Return when the process is gone, or killed and not yet reaped by whoever inherited it."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        while Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
            time.sleep(0.005)


def test_values_travel_from_step_to_step(run, pipelines, value_of, states):
    s = pipelines.step
    plan = pipelines.plan(
        s("load", "out('raw', [1, 2, 3])", outputs=["raw"]),
        s("double", "out('twice', [2 * x for x in I['raw'][0]]); out('n', 3)", inputs={"raw": "load.raw"}, outputs=["twice", "n: int"]),
        s(
            "sum",
            "out('total', sum(I['twice'][0]) + P['n'] + P['depth'])",
            inputs={"twice": "double.twice", "n": "double.n"},
            outputs=["total"],
            parameters=["depth"],
        ),
        parameters=[("depth", "int", 6)],
    )
    result = run(plan, parameters={"depth": 10})
    assert (result.exit, states(result)) == (0, {"load": "succeeded", "double": "succeeded", "sum": "succeeded"})
    assert value_of(result, "sum", "total") == 25


def test_two_steps_without_an_edge_run_at_the_same_time(run, pipelines):
    """Each waits for a file that the other writes: one after the other they would never end."""
    code = "open('{0}', 'w').close()\nwhile not os.path.exists('{1}'): time.sleep(0.005)"
    plan = pipelines.plan(
        pipelines.step("left", code.format("l", "r"), cache=False, timeout_seconds=20),
        pipelines.step("right", code.format("r", "l"), cache=False, timeout_seconds=20),
    )
    assert run(plan, workers=2).exit == 0


def test_no_more_steps_run_at_once_than_workers(run, pipelines):
    code = "os.mkdir('busy')\ntime.sleep(0.02)\nos.rmdir('busy')"
    plan = pipelines.plan(*(pipelines.step(f"s{n}", code) for n in range(4)))
    assert run(plan, workers=1).exit == 0


def test_a_fan_out_runs_chains_per_item_and_gathers_in_the_order_of_the_items(run, pipelines, value_of, states):
    s = pipelines.step
    plan = pipelines.plan(
        s(
            "fit",
            "time.sleep(0.05 * (3 - P['depths-item'])); out('model', P['depths-item'] * 10)",
            outputs=["model"],
            foreach="depths",
            parameters=["depths"],
        ),
        s(
            "score",
            "out('score', [P['depths-item'], I['model'][0]]); out('flag', P['depths-item'])",
            inputs={"model": "fit.model"},
            outputs=["score", "flag: int"],
            foreach="depths",
            parameters=["depths"],
        ),
        s(
            "best",
            "out('all', [I['score'], P['flags']])",
            inputs={"score": ("score.score", "concatenate"), "flags": ("score.flag", "concatenate")},
            outputs=["all"],
        ),
        parameters=[("depths", "list")],
    )
    result = run(plan, parameters={"depths": [1, 2, 3]}, workers=3)
    assert value_of(result, "best", "all") == [[[1, 10], [2, 20], [3, 30]], [1, 2, 3]]
    assert states(result) == dict.fromkeys(["fit[0]", "fit[1]", "fit[2]", "score[0]", "score[1]", "score[2]", "best"], "succeeded")


def test_an_item_goes_on_while_another_item_still_runs(run, pipelines):
    """The second step of item 0 writes the file that the first step of item 1 waits for."""
    s = pipelines.step
    wait = "while P['xs-item'] == 1 and not os.path.exists('go'): time.sleep(0.005)\nout('a', 1)"
    go = "open('go', 'w').close() if P['xs-item'] == 0 else None"
    fan = {"foreach": "xs", "parameters": ["xs"]}
    plan = pipelines.plan(
        s("a", wait, outputs=["a"], timeout_seconds=20, **fan), s("b", go, inputs={"a": "a.a"}, **fan), parameters=[("xs", "list", [0, 1])]
    )
    assert run(plan, workers=2).exit == 0


def test_the_list_of_a_fan_out_may_come_from_a_step_and_may_be_empty(run, pipelines, value_of, states):
    s = pipelines.step
    plan = pipelines.plan(
        s("grid", "out('xs', P['values'])", outputs=["xs: list"], parameters=["values"]),
        s("fit", "out('y', P['xs-item'] ** 2)", inputs={"xs": "grid.xs"}, outputs=["y"], foreach="xs"),
        s("all", "out('ys', I.get('y', []))", inputs={"y": ("fit.y", "concatenate")}, outputs=["ys"]),
        parameters=[("values", "list")],
    )
    assert value_of(run(plan, parameters={"values": [2, 3]}), "all", "ys") == [4, 9]
    empty = run(plan, parameters={"values": []})
    assert (empty.exit, value_of(empty, "all", "ys"), states(empty)) == (0, [], {"grid": "succeeded", "all": "succeeded"})


def test_a_false_condition_skips_the_step_and_everything_that_needs_it_but_not_what_only_comes_after(run, pipelines, states):
    s = pipelines.step
    plan = pipelines.plan(
        s("judge", "out('good', False)", outputs=["good: bool"]),
        s("deploy", "out('url', 'x')", inputs={"good": "judge.good"}, outputs=["url"], when="good"),
        s("smoke", "", inputs={"url": "deploy.url"}, outputs=["ok"]),
        s("report", "", inputs={"ok": "smoke.ok"}),
        s("clean", "", after=["deploy"]),
    )
    result = run(plan)
    assert result.exit == 0
    assert states(result) == {"judge": "succeeded", "deploy": "skipped", "smoke": "skipped", "report": "skipped", "clean": "succeeded"}
    assert [step.reason for step in result.steps if step.step == "smoke"] == ["`deploy` was skipped"]


def test_a_condition_inside_a_fan_out_skips_single_items(run, pipelines, value_of, states):
    s = pipelines.step
    fan = {"foreach": "xs", "parameters": ["xs"]}
    plan = pipelines.plan(
        s("try", "out('odd', P['xs-item'] % 2 == 1)", outputs=["odd: bool"], **fan),
        s("keep", "out('x', P['xs-item'])", inputs={"odd": "try.odd"}, outputs=["x"], when="odd", **fan),
        s("all", "out('xs', I['x'])", inputs={"x": ("keep.x", "concatenate")}, outputs=["xs"]),
        parameters=[("xs", "list", [1, 2, 3])],
    )
    result = run(plan)
    assert value_of(result, "all", "xs") == [1, 3]
    assert states(result)["keep[1]"] == "skipped"


def test_a_failure_stops_new_steps_lets_running_ones_finish_and_quotes_the_reason(run, pipelines, states):
    s = pipelines.step
    fail = "while not os.path.exists('slow-runs'): time.sleep(0.005)\nprint('noise')\nprint('error[NB803] step-raised: no\\n  demo.ipynb > cell 5'); sys.exit(1)"
    slow = "open('slow-runs', 'w').close()\ntime.sleep(0.2)"
    plan = pipelines.plan(
        s("bad", fail, cache=False), s("slow", slow, cache=False), s("next", "", after=["bad"]), s("other", "", after=["slow"])
    )
    result = run(plan, workers=2)
    assert (result.exit, result.state) == (1, "failed")
    assert states(result) == {"bad": "failed", "slow": "succeeded", "next": "not run", "other": "not run"}
    (failed,) = result.failed
    assert (failed.headline, failed.exit_code) == ("error[NB803] step-raised: no\n  demo.ipynb > cell 5", 1)


@pytest.mark.parametrize(
    ("code", "state", "message"), [("", "SUCCEEDED", None), ("sys.exit(3)", "FAILED", "step `work` failed: it ended with status 3")]
)
def test_an_exit_handler_always_runs_last_and_learns_how_it_went(run, pipelines, value_of, *, code, state, message):
    s = pipelines.step
    plan = pipelines.plan(
        s("work", code), s("more", "", after=["work"]), s("bye", "out('status', P['run-status'])", outputs=["status"], on_exit=True)
    )
    result = run(plan)
    status = value_of(result, "bye", "status")
    assert (result.exit, status["state"], status.get("error", {}).get("message")) == (int(bool(code)), state, message)
    assert run(plan).steps[-1].state.value == "succeeded", "an exit handler is never taken from the cache"


def test_a_failing_exit_handler_fails_the_run(run, pipelines):
    assert run(pipelines.plan(pipelines.step("work"), pipelines.step("bye", "1/0", on_exit=True))).exit == 1


def test_a_step_is_retried_until_it_succeeds_and_not_more_often_than_allowed(run, pipelines, value_of, states):
    code = "n = len(os.listdir('.')); open(f'try-{n}', 'w').close()\nif n < %d: sys.exit(1)\nout('n', n)"
    base = len([".nb2pipe"])
    good = run(pipelines.plan(pipelines.step("a", code % (base + 2), outputs=["n: int"], retries=2)))
    assert (good.exit, good.steps[0].attempts, value_of(good, "a", "n")) == (0, 3, base + 2)
    bad = run(pipelines.plan(pipelines.step("b", "sys.exit(1)", retries=2)))
    assert (bad.exit, bad.steps[0].attempts, states(bad)) == (1, 3, {"b": "failed"})


def test_a_time_limit_kills_the_whole_group_even_when_it_will_not_end(run, pipelines, tmp_path):
    """The step and its child both ignore SIGTERM; after the grace time neither lives."""
    child = "import signal,time; signal.signal(15, signal.SIG_IGN); open('child','w').write(str(__import__('os').getpid())); time.sleep(60)"
    code = f"""
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, '-S', '-c', {child!r}])
time.sleep(60)
"""
    result = run(pipelines.plan(pipelines.step("stuck", code, timeout_seconds=0.5)), grace_seconds=0.1)
    assert (result.exit, result.steps[0].reason) == (1, "it was stopped after its time limit of 0.5 s")
    wait_for_death((tmp_path / "child").read_text())


def test_what_a_step_leaves_running_does_not_outlive_it_or_hold_up_the_run(run, pipelines, tmp_path):
    code = "import subprocess; p = subprocess.Popen(['sleep', '60']); open('pid', 'w').write(str(p.pid))"
    assert run(pipelines.plan(pipelines.step("leaky", code))).exit == 0
    wait_for_death((tmp_path / "pid").read_text())


def test_a_missing_artifact_fails_the_step_that_needs_it_and_a_missing_parameter_the_step_that_owes_it(run, pipelines):
    s = pipelines.step
    artifact = run(pipelines.plan(s("a", outputs=["x"]), s("b", inputs={"x": "a.x"})))
    assert [(step.label, step.reason) for step in artifact.failed] == [("b", "it needs `x` of `a`, which that step did not write")]
    parameter = run(pipelines.plan(s("a", outputs=["n: int"])))
    assert [(step.label, step.reason) for step in parameter.failed] == [("a", "the step wrote no value for its output parameter `n`")]


def test_swapped_bytes_between_two_steps_are_refused(run, pipelines, tmp_path):
    s = pipelines.step
    swap = (
        "import glob\nfor p in glob.glob('.nb2pipe/runs/*/steps/a/outputs/x/value.json'):\n os.chmod(p, 0o644); open(p, 'w').write('666')"
    )
    plan = pipelines.plan(
        s("a", "out('x', 1)", outputs=["x"]), s("thief", swap, after=["a"], cache=False), s("b", "", inputs={"x": "a.x"}, after=["thief"])
    )
    result = run(plan)
    assert [(step.label, step.headline) for step in result.failed] == [
        ("b", "error[NB802] encoding-mismatch: the bytes are not those that were made")
    ]
    assert run(pipelines.plan(plan["steps"][0])).steps[0].state.value == "succeeded", (
        "nor is the cache entry that shared the bytes used again"
    )
