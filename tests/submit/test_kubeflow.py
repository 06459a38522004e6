"""Submission against a real HTTP server that speaks v2beta1: what is sent, what is followed, and every way it goes wrong."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from jupyter_mlops.submit.connection import Access, connect
from jupyter_mlops.submit.events import StepEnded, StepStarted
from jupyter_mlops.submit.kubeflow import submit
from nb2pipe.errors import Nb2PipeError


class Server(ThreadingHTTPServer):
    """The API server of Kubeflow Pipelines, as far as a submission sees it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.prefix = ""
        self.multi_user = False
        self.token = None
        self.pipelines, self.versions, self.experiments, self.runs, self.recurring = [], [], [], [], []
        self.snapshots = [{"state": "SUCCEEDED"}]  # what GET of a run answers, one after the other; the last one stays
        self.logs = {}
        self.replies = {}  # (method, path) → (status, content type, body): failures
        self.requests = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, method, path, query, body):
        route = (method, *path.removeprefix("/apis/v2beta1/").split("/"))
        match route:
            case ("GET", "healthz"):
                return {"multi_user": self.multi_user, "pipeline_store": "database"}
            case ("GET", "pipelines"):
                return self.listed("pipelines", [p for p in self.pipelines if self.selects(query, p)])
            case ("POST", "pipelines", "upload"):
                pipeline = {"pipeline_id": f"p{len(self.pipelines)}", "display_name": query["name"][0], "name": query["name"][0]}
                self.pipelines.append(pipeline)
                self.add_version(pipeline["pipeline_id"], query["name"][0], body)
                return pipeline
            case ("POST", "pipelines", "upload_version"):
                return self.add_version(query["pipelineid"][0], query["name"][0], body)
            case ("GET", "pipelines", pipeline, "versions"):
                return self.listed(
                    "pipeline_versions", [v for v in self.versions if v["pipeline_id"] == pipeline and self.selects(query, v)]
                )
            case ("GET", "experiments"):
                return self.listed("experiments", [e for e in self.experiments if self.selects(query, e)])
            case ("POST", "experiments"):
                self.experiments.append({"experiment_id": f"e{len(self.experiments)}"} | json.loads(body))
                return self.experiments[-1]
            case ("POST", "runs"):
                self.runs.append({"run_id": f"r{len(self.runs)}"} | json.loads(body))
                return self.runs[-1] | {"state": "PENDING"}
            case ("GET", "runs", run):
                return {"run_id": run} | (self.snapshots.pop(0) if len(self.snapshots) > 1 else self.snapshots[0])
            case ("POST", "recurringruns"):
                self.recurring.append({"recurring_run_id": f"c{len(self.recurring)}"} | json.loads(body))
                return self.recurring[-1]
        return None

    def add_version(self, pipeline, name, body):
        version = {"pipeline_id": pipeline, "pipeline_version_id": f"v{len(self.versions)}", "display_name": name, "name": name}
        assert b'name="uploadfile"' in body
        self.versions.append(version)
        return version

    def listed(self, key, found):
        return {key: found, "total_size": len(found)} if found else {}

    def selects(self, query, item):
        predicates = json.loads(query.get("filter", ["{}"])[0]).get("predicates", [])
        return all(
            str(item[p["key"].replace("name", "display_name") if p["key"] == "name" else p["key"]])
            == p.get("stringValue", p.get("string_value"))
            for p in predicates
        )


class Handler(BaseHTTPRequestHandler):
    """Routes a request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        server, parts = self.server, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.requests.append((self.command, parts.path))
        path = parts.path.removeprefix(server.prefix) if parts.path.startswith(server.prefix) else "/nowhere"
        if (self.command, path) in server.replies:
            self.reply(*server.replies[self.command, path])
        elif server.token and self.headers.get("Authorization") != f"Bearer {server.token}":
            self.reply(401, "text/html", "<html>Please sign in</html>")
        elif path.startswith("/apis/v1alpha1/runs/"):
            pod = path.split("/")[6]
            self.reply(200, "text/plain", server.logs.get(pod, '{"error_message": "no such pod"}'))
        else:
            answer = server.answer(self.command, path, parse_qs(parts.query), body)
            self.reply(*((404, "text/plain", "404 page not found") if answer is None else (200, "application/json", json.dumps(answer))))

    def reply(self, status, kind, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if status == 302:
            self.send_header("Location", "/dex/auth")
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = handle_any  # noqa: N815 - the names that http.server calls


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def package():
    """Two steps and a fan-out, as a package."""

    def component(name):
        return {"executorLabel": f"exec-{name}"}

    def task(name):
        return {"taskInfo": {"name": name}, "componentRef": {"name": f"comp-{name}"}}

    names = ("load", "fit", "choose")
    return json.dumps(
        {
            "pipelineInfo": {"name": "churn"},
            "schemaVersion": "2.1.0",
            "components": {f"comp-{name}": component(name) for name in names}
            | {"comp-for-loop-1": {"dag": {"tasks": {"fit": task("fit")}}}},
            "deploymentSpec": {"executors": {f"exec-{name}": {"container": {"image": "i", "args": [name]}} for name in names}},
            "root": {
                "inputDefinitions": {
                    "parameters": {
                        "depth": {"parameterType": "NUMBER_INTEGER", "defaultValue": 6, "isOptional": True},
                        "name": {"parameterType": "STRING", "defaultValue": "a", "isOptional": True},
                    }
                },
                "dag": {"tasks": {"load": task("load"), "for-loop-1": task("for-loop-1"), "choose": task("choose")}},
            },
        }
    )


@pytest.fixture
def go(server, package):
    """Submit the package without pauses."""
    return lambda **options: submit(
        options.pop("package", package), endpoint=options.pop("endpoint", server.url), poll_seconds=0.001, **options
    )


def node(name, state, *, identifier=None, children=(), message=None):
    """One entry of `task_details`, as the server makes it of an Argo node."""
    entry = {
        "display_name": name,
        "state": state,
        "task_id": identifier or f"id-{name}-{state}",
        "child_tasks": [{"pod_name": pod} for pod in children],
    }
    return entry | ({"error": {"code": 13, "message": message}} if message else {})


def test_a_run_is_uploaded_created_and_followed_to_its_end(server, go):
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


def test_the_failing_step_its_reason_and_its_log_are_quoted_although_the_run_has_no_error(server, go):
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


def test_without_a_log_the_command_that_shows_it_is_given(server, go):
    server.snapshots = [
        {"state": "FAILED", "run_details": {"task_details": [node("load", "FAILED", children=["pod-1"], message="exit code 1")]}}
    ]
    made = go()
    assert (made.reason, made.headline) == ("exit code 1 (kubectl logs pod-1 -c main)", "")


def test_a_driver_that_fails_fails_its_step(server, go):
    driver = node("choose-driver", "FAILED", message="failed to resolve input")
    server.snapshots = [{"state": "FAILED", "run_details": {"task_details": [driver]}}]
    assert [go().failed_step, go().reason] == ["choose", "failed to resolve input"]


def test_a_retried_attempt_that_failed_does_not_fail_the_step(server, go):
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


def test_an_interrupt_stops_following_and_not_the_run(server, go):
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


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((302, "text/html", ""), r"wants a login \(302\)"),
        ((401, "text/html", "<html>"), r"wants a login \(401\)"),
        ((403, "application/json", '{"error": "no access"}'), r"does not let this user in \(403\): no access"),
        ((200, "text/html", "<html>Kubeflow</html>"), "answers with a web page"),
        ((404, "text/plain", "404"), r"no pipelines API at .* \(404\)"),
        ((503, "text/plain", "x"), r"answers with an error \(503"),
    ],
)
def test_an_endpoint_that_is_no_open_api_is_explained(server, go, reply, message):
    server.replies = {("GET", "/apis/v2beta1/healthz"): reply}
    with pytest.raises(Nb2PipeError, match=message) as caught:
        go()
    assert caught.value.hint


def test_nobody_there_a_wrong_scheme_and_no_address_are_explained(server):
    for endpoint, message in [
        ("http://127.0.0.1:9", "nobody answers"),
        (server.url.replace("http", "https"), "TLS"),
        ("ftp://x", "is not an address"),
    ]:
        with pytest.raises(Nb2PipeError, match=message):
            connect(Access(endpoint=endpoint))


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, '{"error": "bad", "message": "Invalid input error: pipeline spec is invalid"}', r"refused \(400\): Invalid input error"),
        (403, '{"message": "User a cannot create runs in namespace b"}', "does not permit this in namespace `b`: User a"),
        (401, "<html>login</html>", "wants a login"),
        (500, '{"message": "internal"}', r"refused \(500\): internal"),
    ],
)
def test_what_the_server_refuses_is_said_in_its_own_words(server, go, status, body, message):
    server.replies = {("POST", "/apis/v2beta1/runs"): (status, "application/json", body)}
    with pytest.raises(Nb2PipeError, match=message):
        go(namespace="b")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parameters": {"name": "x" * 10_001}}, "`name` has 10003 bytes"),
        ({"parameters": {"depth": 2**53 + 1}}, "exact to 2"),
        ({"parameters": {"dept": 1}}, "nearest is `depth`"),
        ({"schedule": "daily"}, "not a cron expression"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(server, go, options, message):
    with pytest.raises(Nb2PipeError, match=message):
        go(**options)
    assert server.requests == []
