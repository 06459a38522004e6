"""Every way a submission goes wrong is one sentence with what to do."""

from __future__ import annotations

import pytest

from jupyter_mlops.submit.connection import Access, connect
from nb2pipe.errors import Nb2PipeError


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
