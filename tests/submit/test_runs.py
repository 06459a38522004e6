"""Runs as such: interrupted and continued, locked, recorded, heard."""

from __future__ import annotations

import json
import os
import signal
import threading

import pytest

from nb2pipe.errors import Nb2PipeError


def test_an_interrupt_stops_the_steps_and_the_next_run_goes_on(run, pipelines, states, tmp_path):
    s = pipelines.step
    wait = "print('here')\nwhile not os.path.exists('go'): time.sleep(0.01)"
    plan = pipelines.plan(s("first", "open('ran', 'a').write('x')", cache=False), s("second", wait, cache=False, after=["first"]))

    def interrupt(event):
        if getattr(event, "lines", ()) == ("here",):
            os.kill(os.getpid(), signal.SIGINT)

    stopped = run(plan, listener=interrupt)
    assert (stopped.exit, stopped.state, states(stopped)) == (130, "interrupted", {"first": "succeeded", "second": "stopped"})
    (tmp_path / "go").touch()
    again = run(plan)
    assert (again.exit, again.run, states(again)) == (0, stopped.run, {"first": "resumed", "second": "succeeded"})
    assert (tmp_path / "ran").read_text() == "x", "a completed step does not run twice, though its cache is off"
    assert states(run(plan)) == {"first": "succeeded", "second": "succeeded"}, "a finished run is not resumed"


def test_two_runners_never_share_a_run_but_may_share_a_state_directory(run, pipelines, states):
    s = pipelines.step
    wait = "print('here')\nwhile not os.path.exists('go'): time.sleep(0.01)"
    plan = pipelines.plan(s("a", wait, cache=False))
    other = pipelines.plan(s("b", "open('go', 'w').close()", cache=False))
    seen = []

    def meanwhile(event):
        if getattr(event, "lines", ()) == ("here",):
            with pytest.raises(Nb2PipeError, match="already running here"):
                run(plan)
            seen.append(states(run(other)))

    assert run(plan, listener=meanwhile).exit == 0
    assert seen == [{"b": "succeeded"}]


def test_the_record_says_how_every_step_went_and_holds_no_environment(run, pipelines, monkeypatch, tmp_path):
    monkeypatch.setenv("TOKEN_OF_MINE", "s3cr3t-value")
    s = pipelines.step
    result = run(pipelines.plan(s("a", "out('x', 1)", outputs=["x"]), s("b", "sys.exit(4)", inputs={"x": "a.x"})))
    record = json.loads((result.directory / "run.json").read_text())
    a, b = record["steps"]
    assert (record["state"], a["state"], a["order"], a["exit_code"], b["state"], b["order"], b["exit_code"]) == (
        "failed",
        "succeeded",
        1,
        0,
        "failed",
        2,
        4,
    )
    assert a["digests"] == {"x": result.steps[0].artifacts["x"].digest}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"s3cr3t-value" in path.read_bytes()]


def test_a_run_in_another_thread_works_without_signal_handlers(run, pipelines):
    results = []
    thread = threading.Thread(target=lambda: results.append(run(pipelines.plan(pipelines.step("a")))))
    thread.start()
    thread.join()
    assert [result.exit for result in results] == [0]


def test_output_reaches_log_and_listener_line_by_line(run, pipelines):
    events = []
    result = run(
        pipelines.plan(pipelines.step("a", "print('one'); print('tw\\u00f6', file=sys.stderr); print('end', end='')")),
        listener=events.append,
    )
    lines = [line for event in events for line in getattr(event, "lines", ())]
    assert lines == ["one", "twö", "end"]
    assert result.steps[0].log.read_text() == "one\ntwö\nend"
