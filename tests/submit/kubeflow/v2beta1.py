"""A real HTTP server that speaks as much of KFP's v2beta1 API as a submission sees."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


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
        self.logins = set()

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
            case ("POST", "runs", asked):
                run, _, verb = asked.partition(":")
                if verb == "terminate":
                    self.snapshots = [{"state": "CANCELED"}]
                return {"run_id": run}
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
        server.logins.add(self.headers.get("Authorization"))
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


@contextmanager
def serving():
    """Run a server of its own."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
