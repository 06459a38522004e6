"""What is sent, and how a run is followed to its end."""

from __future__ import annotations

import json

import pytest

from jupyter_mlops.submit.events import StepEnded, StepStarted
from nb2pipe.errors import Nb2PipeError


def test_a_run_is_uploaded_created_and_followed_to_its_end(server, go, node):
    def details(*nodes):
        return {"run_details": {"task_details": list(nodes)}}

    server.snapshots = [
        {"state": "PENDING"},
        {"state": "RUNNING"} | details(node("load-driver", "RUNNING")),
        {"state": "RUNNING"}
        | details(node("load-driver", "SUCCEEDED"), node("load", "SUCCEEDED"), node("executor", "SUCCEEDED"), node("fit", "RUNNING")),
        {"state": "SUCCEEDED"}
        | details(
            node("load-driver", "SUCCEEDED"),
            node("load", "SUCCEEDED"),
            node("fit", "SUCCEEDED", identifier="f1"),
            node("fit", "SUCCEEDED", identifier="f2"),
            node("choose", "SUCCEEDED"),
        ),
    ]
    events = []
    made = go(parameters={"depth": 3, "name": "{{$}}"}, listener=events.append, run_name="mine")
    assert (made.state, made.exit, made.url) == ("SUCCEEDED", 0, f"{server.url}/#/runs/details/r0")
    assert [(step.step, step.state, step.count) for step in made.steps] == [
        ("load", "SUCCEEDED", 1),
        ("choose", "SUCCEEDED", 1),
        ("fit", "SUCCEEDED", 2),
    ]
    (run,) = server.runs
    assert run["runtime_config"]["parameters"] == {"depth": 3, "name": "{~{$}}"}
    assert (run["display_name"], run["pipeline_version_reference"]) == ("mine", {"pipeline_id": "p0", "pipeline_version_id": "v0"})
    told = [
        (type(e).__name__, e.label if isinstance(e, StepStarted) else e.result.label)
        for e in events
        if isinstance(e, (StepStarted, StepEnded))
    ]
    assert told == [
        ("StepStarted", "load"),
        ("StepEnded", "load"),
        ("StepStarted", "fit"),
        ("StepStarted", "choose"),
        ("StepEnded", "choose"),
        ("StepEnded", "fit"),
    ]


def test_the_same_package_makes_one_version_and_a_changed_one_another(server, go, package):
    go()
    go()
    go()
    assert len(server.pipelines) == 1
    assert len(server.versions) == 2, "the first upload is called like the pipeline, the second by its content, the third is there already"
    go(package=package.replace('"image": "i"', '"image": "j"'))
    assert len(server.versions) == 3
    assert server.runs[-1]["pipeline_version_reference"]["pipeline_version_id"] == "v2"


def test_nothing_is_printed_on_standard_output(go, capsys):
    go()
    assert capsys.readouterr().out == ""


def test_the_failing_step_its_reason_and_its_log_are_quoted_although_the_run_has_no_error(server, go, node):
    log = "time passes\nerror[NB803] step-raised: ValueError: no\n  churn.ipynb, cell 5 (step fit), line 3\n"
    server.logs = {"churn-abc-fit-impl": log}
    server.snapshots = [
        {
            "state": "FAILED",
            "run_details": {
                "task_details": [
                    node("load", "SUCCEEDED"),
                    node("for-loop-1", "FAILED", message="child failed"),
                    node("fit", "FAILED", children=["churn-abc-fit-impl"], message="child 'x' failed"),
                    node(
                        "executor", "FAILED", identifier="churn-abc-fit-impl", message="main: Error (exit code 1): OOMKilled or user code"
                    ),
                ]
            },
        }
    ]
    made = go()
    assert (made.exit, made.state, made.failed_step, made.reason) == (
        1,
        "FAILED",
        "fit",
        "main: Error (exit code 1): OOMKilled or user code",
    )
    assert made.headline == "error[NB803] step-raised: ValueError: no\n  churn.ipynb, cell 5 (step fit), line 3"


def test_without_a_log_the_command_that_shows_it_is_given(server, go, node):
    server.snapshots = [
        {"state": "FAILED", "run_details": {"task_details": [node("load", "FAILED", children=["pod-1"], message="exit code 1")]}}
    ]
    made = go()
    assert (made.reason, made.headline) == ("exit code 1 (kubectl logs pod-1 -c main)", "")


def test_a_driver_that_fails_fails_its_step(server, go, node):
    driver = node("choose-driver", "FAILED", message="failed to resolve input")
    server.snapshots = [{"state": "FAILED", "run_details": {"task_details": [driver]}}]
    assert [go().failed_step, go().reason] == ["choose", "failed to resolve input"]


def test_a_retried_attempt_that_failed_does_not_fail_the_step(server, go, node):
    nodes = [node("load(0)", "FAILED", message="exit code 1"), node("load(1)", "SUCCEEDED"), node("load", "SUCCEEDED")]
    server.snapshots = [{"state": "FAILED", "run_details": {"task_details": [*nodes, node("choose", "FAILED", message="boom")]}}]
    assert [go().failed_step, go().reason] == ["choose", "boom"]


def test_a_schedule_makes_a_recurring_run_with_six_fields(server, go):
    made = go(schedule="0 9 * * 1-5", parameters={"depth": 2})
    assert (made.state, made.run_id, server.runs) == ("SCHEDULED", "c0", [])
    (recurring,) = server.recurring
    assert recurring["trigger"] == {"cron_schedule": {"cron": "0 0 9 * * 1-5"}}
    assert (recurring["mode"], recurring["runtime_config"]["parameters"]) == ("ENABLE", {"depth": 2})


def test_without_waiting_the_run_is_only_made(server, go):
    assert (go(wait=False).state, ("GET", "/apis/v2beta1/runs/r0") in server.requests) == ("SUBMITTED", False)


def test_an_interrupt_stops_following_and_not_the_run(server, go, node):
    server.snapshots = [{"state": "RUNNING", "run_details": {"task_details": [node("load", "RUNNING")]}}]

    def interrupt(event):
        if isinstance(event, StepStarted):
            raise KeyboardInterrupt

    made = go(listener=interrupt)
    assert (made.exit, made.state, made.reason) == (130, "RUNNING", "following was interrupted; the run goes on")


def test_a_short_outage_while_following_is_survived(server, go):
    """The connection is refused twice by an error page, then the run is there again."""
    answer, replies = server.answer, iter([None, None])

    def sometimes(method, path, query, body):
        return (
            next(replies, answer(method, path, query, body))
            if path.startswith("/apis/v2beta1/runs/")
            else answer(method, path, query, body)
        )

    server.answer = sometimes
    assert go().state == "SUCCEEDED"


def test_the_token_is_sent_with_every_request(server, go):
    server.token = "t0k3n"
    assert go(token="t0k3n").state == "SUCCEEDED"
    with pytest.raises(Nb2PipeError, match=r"refuses the login that was given \(401\)") as caught:
        go(token="old")
    assert "access-ml-pipeline" in caught.value.hint


def test_a_dashboard_prefix_is_found(server, go):
    server.prefix = "/pipeline"
    assert go().url.startswith(f"{server.url}/pipeline/#/runs")


def test_several_users_need_a_namespace_and_get_it_on_everything(server, go):
    server.multi_user = True
    with pytest.raises(Nb2PipeError, match="a run needs a namespace"):
        go()
    go(namespace="team-a")
    assert server.experiments[0]["namespace"] == "team-a"


def test_a_followed_run_writes_how_each_step_ended(go, server, node, lineage_of_its_own):
    tasks = [node(step, "SUCCEEDED") for step in ("load", "fit", "choose")]
    server.snapshots = [{"state": "SUCCEEDED", "run_details": {"task_details": tasks}}]
    go()
    events = [json.loads(line) for line in (lineage_of_its_own / "lineage" / "events.jsonl").read_text().splitlines()]
    ended = {event["job"]["name"].rpartition(".")[2] for event in events if event["eventType"] == "COMPLETE"}
    assert ended == {"load", "fit", "choose", "churn"}
    assert "nb2pipe_environment" not in events[0]["run"]["facets"]  # this machine's is not the cluster's
