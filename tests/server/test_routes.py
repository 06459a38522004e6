"""Every route of a real server: who may ask, what may be sent, what comes back."""

from __future__ import annotations

import json
import re

import pytest
import requests
from notebooks import code, validator

from jupyter_mlops.server.bodies import MOST_BYTES
from jupyter_mlops.server.routes import ROUTES

NOTEBOOK = code(("n = 3", ["parameters"]), ("x = [n]", ["step:load", "stp:a"]), ("print(x, missing)", ["step:train", "gpu:1"]))
WRITING = code(("from pathlib import Path\nPath('executed').write_text('yes')", ["step:a"]))
BODIES = {
    "Notebook": NOTEBOOK,
    "FormRequest": {"notebook": NOTEBOOK, "cells": ["cell-1"], "changes": {"cpu": "2"}},
    "CompletionRequest": {"text": "step:", "notebook": NOTEBOOK},
    "SizesRequest": {"names": ["x"]},
    "CompileRequest": {"notebook": WRITING, "write": True},
    "ExportRequest": {"path": "a.ipynb", "directory": "project"},
    "StartRequest": {"path": "a.ipynb", "kind": "local", "parameters": {}},
    "Nothing": {},
}
ANALYSIS = ("view", "grammar", "form", "complete", "propose", "convert", "sizes", "explain/{code}")
OUTSIDE = ("../a.ipynb", "link/a.ipynb", "folder/../../a.ipynb", ".hidden/a.ipynb", "a\0.ipynb", "x" * 5000 + ".ipynb")
PATHS = {
    "view": ("path", lambda path: {**NOTEBOOK, "path": path}),
    "propose": ("path", lambda path: {**NOTEBOOK, "path": path}),
    "convert": ("path", lambda path: {**NOTEBOOK, "path": path}),
    "form": ("path", lambda path: {"notebook": {**NOTEBOOK, "path": path}, "cells": []}),
    "complete": ("path", lambda path: {"notebook": {**NOTEBOOK, "path": path}, "text": "when:"}),
    "compile": ("path", lambda path: {"notebook": {**WRITING, "path": path}, "write": True}),
    "export": ("path", lambda path: {"path": path, "directory": "project"}),
    "export into": ("directory", lambda path: {"path": "a.ipynb", "directory": path}),
    "runs": ("path", lambda path: {"path": path, "kind": "local", "parameters": {}}),
}

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")


def address(route):
    return re.sub(r"\{(\w+)\}", lambda found: {"code": "NB201"}.get(found[1], "none"), route.path)


def is_problem(response):
    assert response.headers["Content-Type"].startswith("application/json")
    assert [error.message for error in validator("Problem").iter_errors(response.json())] == []
    assert "Traceback" not in response.text
    return True


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@every_route
@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_the_token_nothing_is_answered_and_nothing_done(server, route, token):
    before = files(server.root)
    response = server.ask(route.method, address(route), json=BODIES.get(route.takes), token=token)
    assert response.status_code in {401, 403}
    assert is_problem(response)
    assert files(server.root) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=lambda route: route.path)
@pytest.mark.parametrize("xsrf", [None, "wrong"])
def test_a_page_of_somebody_else_cannot_use_the_cookie(server, route, xsrf):
    before = files(server.root)
    headers = {} if xsrf is None else {"X-XSRFToken": xsrf}
    url = f"{server.url}jupyter-mlops/{address(route)}"
    response = server.session().post(url, json=BODIES[route.takes], headers=headers, timeout=60)
    assert response.status_code == 403
    assert is_problem(response)
    assert files(server.root) == before


def test_a_browser_that_is_logged_in_is_answered(server):
    session = server.session()
    headers = {"X-XSRFToken": session.cookies["_xsrf"]}
    assert session.post(f"{server.url}jupyter-mlops/view", json=NOTEBOOK, headers=headers, timeout=60).status_code == 200


def test_another_origin_is_not_answered(server):
    response = requests.post(f"{server.url}jupyter-mlops/view", json=NOTEBOOK, headers={"Origin": "https://evil.example"}, timeout=60)
    assert response.status_code in {403, 404}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.path in ANALYSIS], ids=lambda route: route.path)
def test_an_answer_is_what_the_schema_says(server, route):
    response = server.ask(route.method, address(route), json=BODIES.get(route.takes))
    assert response.status_code == 200, response.text
    assert [error.message for error in validator(route.gives).iter_errors(response.json())] == []


@pytest.mark.parametrize("route", [route for route in ROUTES if route.takes == "Notebook"], ids=lambda route: route.path)
def test_analysis_runs_nothing(server, route):
    before = files(server.root)
    assert server.ask(route.method, route.path, json=WRITING).status_code == 200
    assert files(server.root) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.takes], ids=lambda route: route.path)
@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"{", "the request is no JSON"),
        (b"\xff\xfe", "the request is no JSON"),
        (b"[" * 100_000, "the request is no JSON"),
        (b'{"a": NaN}', "the request is no JSON"),
        (b"[]", "the request is not a `"),
        (b'{"nothing that is known": 1}', "the request is not a `"),
    ],
)
def test_what_is_not_asked_for_is_refused(server, route, sent, message):
    response = server.ask(route.method, address(route), data=sent)
    assert response.status_code == 400
    assert is_problem(response)
    assert response.json()["message"].startswith(message)


def test_a_request_that_is_too_large_is_refused(server):
    response = server.ask("POST", "view", data=b" " * (MOST_BYTES + 1))
    assert (response.status_code, is_problem(response)) == (413, True)


@pytest.mark.parametrize("path", ["", "nothing", "view/more", "runs/a/b/c", "explain/NB000"])
def test_an_unknown_address_is_not_found(server, path):
    response = server.ask("GET", path)
    assert (response.status_code, is_problem(response)) == (404, True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "GET"])
def test_a_method_that_there_is_not_is_refused(server, method):
    response = server.ask(method, "view")
    assert (response.status_code, is_problem(response)) == (405, True)


def test_an_unknown_word_in_a_query_is_refused(server):
    response = server.ask("GET", "grammar?colour=red")
    assert (response.status_code, is_problem(response)) == (400, True)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: repr(path[:20]))
@pytest.mark.parametrize("question", PATHS)
def test_nothing_outside_the_served_folder_is_touched(server, question, path):
    outside = server.root.parent / "outside"
    outside.mkdir(exist_ok=True)
    if not (server.root / "link").is_symlink():
        (server.root / "link").symlink_to(outside)
    (outside / "a.ipynb").write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    before = files(outside), sorted(server.root.parent.iterdir())
    response = server.ask("POST", question.split()[0], json=PATHS[question][1](path))
    assert response.status_code in {400, 404, 409}, response.text
    assert is_problem(response)
    assert (files(outside), sorted(server.root.parent.iterdir())) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if "{run}" in route.path], ids=lambda route: f"{route.method} {route.path}")
@pytest.mark.parametrize("run", ["..%2f..%2fetc", "%2e%2e", ".hidden", "a%00b"])
def test_a_run_is_no_path(server, route, run):
    path = route.path.replace("{run}", run).replace("{label}", run)
    response = server.ask(route.method, path, json={} if route.takes else None)
    assert response.status_code in {400, 404}, response.text
    assert is_problem(response)


def test_half_a_character_is_answered_too(server):
    response = server.ask("POST", "view", data=json.dumps(code(("x = '\ud800'", ["step:a", "\udc00"]))).encode())
    assert response.status_code == 200, response.text


def test_a_notebook_of_five_hundred_cells_is_answered(server):
    cells = [
        (f"x{at} = {at}" if at < 2 else f"x{at} = x{at - 1} + x{at - 2}", [f"step:s{at // 10}"] if at % 10 == 0 else [])
        for at in range(500)
    ]
    response = server.ask("POST", "view", json=code(*cells))
    assert response.status_code == 200
    assert [error.message for error in validator("View").iter_errors(response.json())] == []
    assert len(response.json()["graph"]["nodes"]) == 50


def test_the_time_that_jupyterlab_adds_to_an_address_is_no_word_of_the_query(server):
    assert server.ask("GET", "grammar?1795491072291").status_code == 200


def test_a_bug_of_ours_is_a_sentence_for_the_user_and_a_traceback_in_the_log(server):
    response = server.ask("GET", "explain/BUG")
    assert (response.status_code, is_problem(response)) == (500, True)
    assert "ZeroDivisionError" not in response.text
    assert "nobody's business" not in response.text
    assert "ZeroDivisionError: a detail that is nobody's business" in server.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("depth", [200, 950, 100_000])
def test_metadata_of_any_depth_has_an_answer(server, depth):
    sent = b'{"path": "a.ipynb", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b'}, "cells": []}'
    response = server.ask("POST", "view", data=sent)
    assert response.status_code in {200, 400}, response.text
