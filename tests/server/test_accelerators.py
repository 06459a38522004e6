"""The cluster's accelerators: asked in the background of a real HTTP server that speaks as Kubernetes does."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import kubernetes.config  # noqa: F401 - it keeps the KUBECONFIG that it is imported with, as whatever imports kfp does
import pytest

from jupyter_mlops.server.accelerators import Accelerators
from jupyter_mlops.server.context import Context
from jupyter_mlops.server.form import form

WAIT_SECONDS = 60


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A cluster of nodes that answers once `go` is set; the client has been imported before its configuration was named."""
    go = threading.Event()
    nodes = [{"cpu": "8", "nvidia.com/gpu": "4", "hugepages-1Gi": "0"}, {"amd.com/gpu": "8"}, {"nvidia.com/gpu": "1", "none.com/x": "0"}]

    class Nodes(BaseHTTPRequestHandler):
        def do_GET(self):
            go.wait(WAIT_SECONDS)
            items = [{"metadata": {"name": f"n{at}"}, "status": {"allocatable": each}} for at, each in enumerate(nodes)]
            body = json.dumps({"kind": "NodeList", "apiVersion": "v1", "metadata": {}, "items": items}).encode()
            self.send_response(200 if self.path.startswith("/api/v1/nodes") else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Nodes)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{http.server_port}"
    entry = {"clusters": [{"name": "c", "cluster": {"server": address}}], "users": [{"name": "u", "user": {}}]}
    context = {"contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "current-context": "x"}
    path = tmp_path / "config"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **entry, **context}), encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(path))
    yield go
    go.set()
    http.shutdown()
    http.server_close()


def known_in_the_end(accelerators):
    end = time.monotonic() + WAIT_SECONDS
    while not (known := accelerators.known()) and time.monotonic() < end:
        time.sleep(0.02)
    return known


def test_nobody_waits_for_the_cluster_and_what_it_has_is_suggested_later(cluster, tmp_path):
    context = Context(root=tmp_path)
    body = {"notebook": {"path": "a.ipynb", "metadata": {}, "cells": []}, "cells": []}
    before = [choice["value"] for choice in form(context, body=body)["choices"]["gpu-resource"]]
    assert before[0] == "nvidia.com/gpu"
    cluster.set()
    assert known_in_the_end(context.accelerators) == ("amd.com/gpu", "nvidia.com/gpu")
    after = [choice["value"] for choice in form(context, body=body)["choices"]["gpu-resource"]]
    assert (after[:2], sorted(after)) == (["amd.com/gpu", "nvidia.com/gpu"], sorted(before))


def test_without_a_cluster_nothing_is_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    accelerators = Accelerators()
    assert (accelerators.known(), accelerators._ask_again) == ((), 0.0)


def test_a_cluster_that_cannot_be_asked_fails_nothing(tmp_path, monkeypatch, caplog):
    path = tmp_path / "config"
    path.write_text("no: config", encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(path))
    caplog.set_level("INFO", logger="jupyter_mlops")
    accelerators = Accelerators()
    assert accelerators.known() == ()
    end = time.monotonic() + WAIT_SECONDS
    while "the cluster's accelerators are not known" not in caplog.text and time.monotonic() < end:
        time.sleep(0.02)
    assert "the cluster's accelerators are not known" in caplog.text
    assert accelerators.known() == ()
