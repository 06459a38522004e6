"""Whose fault a failed request is: a request that every version refuses is the client's; one that only the candidate refuses is the candidate's."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
import pytest

from jupyter_mlops.serving.rollout.records import Share
from jupyter_mlops.serving.rollout.store import Store
from jupyter_mlops.serving.server.core import Answer, Asked, Core, Table
from jupyter_mlops.serving.server.evidence import EvidenceCounter
from jupyter_mlops.serving.server.routing import Router, read_shares
from jupyter_mlops.serving.server.status import Code, Refused
from jupyter_mlops.serving.server.versions import VersionTable


class Limited:
    """Answers numbers up to a limit, and refuses others as an assertion in a graph does."""

    def __init__(self, limit, code=Code.INVALID_ARGUMENT):
        self.limit, self.code, self.signatures = limit, code, {}

    def run(self, signature, inputs):
        if inputs["x"].max() > self.limit:
            raise Refused(self.code, "too large", model_failed=True)
        return {"y": inputs["x"]}


def _outcomes(tmp_path, servables, value, count=20):
    """Ask `count` times with half of the traffic each; gives (requests, errors) of each version."""
    with Store(tmp_path / "serving.db") as store:
        table, evidence = VersionTable(), EvidenceCounter(store, interval_seconds=600)
        for version, servable in servables.items():
            entry = table.add("m", version, "")
            entry.servable, entry.state = servable, "AVAILABLE"
        core = Core(table, evidence)
        core.tables["m"] = Table(Router("m", read_shares([Share(str(version), 0.5) for version in servables])), {})
        inputs = {"x": np.array([float(value)])}
        for _ in range(count):
            with suppress(Refused):
                core.answer(Asked("m"), lambda servable, _: Answer("", inputs, servable.run("", inputs)))
        evidence.close()
        rows = {version: store.evidence_since("m", str(version), 0) for version in servables}
        return {version: (sum(row.requests for row in each), sum(row.errors for row in each)) for version, each in rows.items()}


@pytest.mark.parametrize(
    ("servables", "expected"),
    [
        ({1: Limited(10), 2: Limited(10)}, {1: (0, 0), 2: (0, 0)}),
        ({1: Limited(1000), 2: Limited(10)}, {1: (10, 0), 2: (10, 10)}),
        ({1: Limited(10), 2: Limited(1000)}, {1: (10, 10), 2: (10, 0)}),
        ({1: Limited(10, Code.INTERNAL), 2: Limited(10, Code.INTERNAL)}, {1: (10, 10), 2: (10, 10)}),
    ],
    ids=["both refuse it", "only the candidate refuses it", "only the stable one refuses it", "both break"],
)
def test_a_refused_request_counts_against_a_version_only_if_another_answers_it(tmp_path, servables, expected):
    assert _outcomes(tmp_path, servables, 100) == expected


@pytest.mark.slow
def test_malformed_requests_leave_no_trace_in_the_evidence_of_either_version(server):
    import httpx

    def counts():
        health = httpx.get(f"{server.rest}/healthz").json()
        assert set(health["models"]["scale"]["traffic"]) == {"1", "2"}
        rows = [row for version in "12" for row in server.store.evidence_since("scale", version, 0)]
        return sum(row.errors for row in rows)

    before = counts()
    for body in (
        "{",
        '{"instances": ["text"]}',
        '{"inputs": {"nobody": [1]}}',
        '{"instances": [1e7]}',
        '{"signature_name": "x", "instances": [1]}',
    ):
        for _ in range(10):  # a tenth of them meets the canary
            assert httpx.post(f"{server.rest}/v1/models/scale:predict", content=body).status_code == 400
    answered = httpx.post(f"{server.rest}/v1/models/scale:predict", content='{"instances": [1]}').headers["x-model-version"]
    done = int(time.time())
    while not any(row.second >= done - 1 for row in server.store.evidence_since("scale", answered, 0)):
        pass  # the server writes its counts each second
    assert counts() == before
