"""`ml.deploy` and its report: what is refused, what is drawn, what the buttons do."""

from __future__ import annotations

import numpy as np
import pytest

from jupyter_mlops.errors import EnvironmentProblem, Rejected
from jupyter_mlops.report import Report, Verdict
from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.deploy import deploy
from jupyter_mlops.serving.rollout.deployment import Deployment
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Evidence, Store, Transition, Version

SPEC = Spec.read({"shadow": False, "each": {"min_requests": 100}})


class Gate(Report):
    kind = "gate"

    def __init__(self, verdict):
        self.verdict = verdict

    def text(self):
        return f"the gate says {self.verdict.value}"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "churn"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"model")
    return folder


@pytest.fixture
def canary(home):
    """A rollout at its first canary step, with ten blocks of evidence."""
    with Store(home / "serving" / "serving.db") as store:
        first = Transition("churn", 1000.0, "NEW", "STABLE", "stable", "1", "was there", {})
        store.append_transition(first, versions=[Version("1", "STABLE", smoke=True)])
        controller = Controller(store, "churn", smoke=lambda *_: SmokeResult(True))
        controller.submit(Version("2", "DRAFT"), SPEC, now=1000.0)
        controller.tick(1000.0)
        random = np.random.default_rng(0)
        for second in range(1000, 1100):
            counts = {version: (count, int(random.binomial(count, 0.01))) for version, count in {"1": 18, "2": 2}.items()}
            store.add_evidence(
                Evidence("churn", version, second, count, bad, {80: count}, {"yes": count}) for version, (count, bad) in counts.items()
            )
    return Deployment("churn", home, "ana")


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE])
def test_a_model_whose_gate_did_not_pass_is_not_deployed(home, folder, verdict):
    with pytest.raises(Rejected, match="only a model whose gate passed"):
        deploy(folder, gate=Gate(verdict), controller=False)
    assert not (home / "serving").exists()


def test_deploy_drafts_the_next_version_with_its_digest_and_the_gates_words(home, folder):
    deployment = deploy(folder, gate=Gate(Verdict.PASS), controller=False)
    with Store(home / "serving" / "serving.db") as store:
        (version,) = store.versions("churn")
        gated = store.transitions("churn")[-1]
    assert (version.version, version.state, len(version.digest)) == ("1", "GATED", 64)
    assert gated.evidence == {"gate": {"verdict": "pass", "headline": "the gate says pass"}}
    assert deployment.text().splitlines()[0] == "churn version 1 is at gated: its gate passed."


def test_a_second_version_waits_until_the_first_is_through(home, folder):
    deploy(folder, controller=False)
    with pytest.raises(ValueError, match="version 1 is being rolled out"):
        deploy(folder, controller=False)


@pytest.mark.parametrize(("mode", "field"), [("standard", '"trafficPercent": 10'), ("knative", '"canaryTrafficPercent": 10')])
def test_another_target_gets_a_plan_for_each_stage_in_its_own_mode(home, mode, field):
    planned = deploy(
        Version("7", "", "s3://models/churn/7"), name="churn", target="kserve", stable=Version("6", "", "s3://models/churn/6"),
        rollout={"steps": ["10%", "50%", "100%"]}, options={"mode": mode},
    )  # fmt: skip
    stages = planned.view()["plan"]
    assert [stage["name"] for stage in stages] == ["canary 10 %", "canary 50 %", "stable", "roll back"]
    (text,) = stages[0]["files"].values()
    assert field.replace('"', "") in text
    assert "churn/6" not in next(iter(stages[2]["files"].values()))
    assert planned.text().startswith("churn version 7 to kserve: 4 stages planned, nothing applied.")
    assert "<pre>" in planned.html()
    assert not (home / "serving").exists()


def test_a_plan_needs_a_numbered_version(home):
    with pytest.raises(ValueError, match="needs a `name` and a `version`"):
        deploy("s3://models/churn/7", name="churn", target="kserve")


def test_an_empty_folder_is_no_model(home, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(EnvironmentProblem, match="no folder with a model"):
        deploy(tmp_path / "empty", controller=False)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"steps": ["50%", "10%"]}, "must rise"),
        ({"each": {"max_duration": "soon"}}, "no duration"),
        ({"guard": [{"signal": "vibes", "worse_by": 2}]}, "unknown"),
        ({"stages": 3}, "no key of a rollout"),
        ({"on_inconclusive": "promote"}, "nobody promotes on silence"),
        ({"each": {"min_requests": 0}}, "at least 1"),
    ],
)
def test_a_rollout_that_cannot_be_is_refused(written, message):
    with pytest.raises(ValueError, match=message):
        Spec.read(written)


def test_a_spec_is_the_same_after_it_was_kept():
    guard = [
        {"signal": "latency_p99", "test": "e_process_quantile", "at_most": "80ms"},
        {"signal": "errors", "worse_by": "2x", "alpha": 0.02},
    ]
    spec = Spec.read(
        {"shadow": {"share": "50%", "for": "2h", "compare": ["latency"]}, "steps": ["25%", "100%"], "guard": guard, "bake": "24h"}
    )
    assert Spec.restore(spec.view()) == spec
    assert (spec.guards.latency_at_most_milliseconds, spec.guards.errors_worse_by, spec.bake_seconds) == (80.0, 2.0, 86400.0)


def test_the_report_shows_traffic_evidence_and_changes(canary):
    view = canary.view()
    assert view["stage"] == "canary 10 %"
    assert view["traffic"] == [{"version": "1", "share": 0.9, "shadow": False}, {"version": "2", "share": 0.1, "shadow": False}]
    assert [guard["signal"] for guard in view["guards"]] == ["errors", "latency_p99", "predictions"]
    assert [one["to"] for one in view["log"]] == ["STABLE", "DRAFT", "GATED", "CANARY"]
    assert canary.view() == view
    page = canary.html()
    assert len(page) < 100_000
    assert "<script" not in page
    assert "aria-current=step" in page


def test_commands_that_are_not_possible_say_why(canary):
    assert canary.view()["commands"] == {"promote": "", "pause": "", "resume": "it is not held", "rollback": ""}


def test_rollback_is_done_when_the_call_returns(canary):
    assert canary.rollback() == "rolling back"
    assert canary.status().value == "ROLLED_BACK"
    assert canary.text().startswith("churn version 2 was rolled back: ")
    assert canary.rollback() == "there is nothing to roll back"


def test_the_widget_shows_the_report_and_obeys_its_buttons(canary):
    pytest.importorskip("anywidget")
    widget = canary.widget()
    try:
        widget._handle_custom_msg({"command": "rollback"}, [])
        assert widget.outcome == "rollback: rolling back"
        assert "rolled back" in widget.headline
        assert widget.commands["promote"] == "there is no stage to promote it from"
    finally:
        widget.stop_following()
        widget.close()


def test_waiting_ends_when_time_is_over(canary):
    with pytest.raises(TimeoutError, match="is at"):
        canary.wait("BAKING", timeout_seconds=0, clock=lambda: 1100.0, sleep=lambda seconds: None)
