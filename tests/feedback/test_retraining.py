"""A policy over a real log: it decides, remembers, asks, starts once, and says what became of it."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest
from test_monitor import T0, inputs, served

import jupyter_mlops as ml
from jupyter_mlops.feedback.decision import Outcome
from jupyter_mlops.feedback.policy import PolicyError
from jupyter_mlops.monitoring.sketch import profile
from jupyter_mlops.serving.rollout.records import Share, Transition, Version
from jupyter_mlops.serving.rollout.store import Store

POLICY = "accuracy < 0.8; at most once a day"
NOW = T0 + 600


@pytest.fixture
def worse(home):
    """A model whose accuracy has fallen to 0.5 in the third minute."""
    home.mkdir()
    reference = str(profile(pa.table(inputs(0, rows=2000))).save(home / "reference.json"))
    parts = [served(home, minute, seed=minute + 1, wrong=0.5 if minute == 2 else 0.05) for minute in range(3)]
    from pyarrow import parquet

    parquet.write_table(pa.concat_tables(parts), home / "labels.parquet")
    return ml.monitor("churn", reference=reference, every="1m", labels=str(home / "labels.parquet"))


def kinds(policy) -> list[str]:
    return [entry.kind for entry in policy.audit.entries()]


def test_a_policy_that_fires_starts_one_attempt(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    assert policy.begin(NOW).outcome is Outcome.RETRAIN
    assert kinds(policy) == ["decision", "start"]
    assert not policy.begin(NOW + 1).fires
    assert kinds(policy) == ["decision", "start"]


def test_an_interrupted_attempt_goes_on_for_its_own_time(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    policy.begin(NOW)
    assert policy.begin(NOW).fires
    assert kinds(policy).count("start") == 1


def test_the_same_decision_is_written_once(worse):
    policy = ml.retrain_when(POLICY + "; human approval above budget 5", monitor=worse, cost=9.0)
    for minute in range(3):
        assert policy.begin(NOW + minute * 60).outcome is Outcome.APPROVAL
    assert kinds(policy) == ["decision"]


def test_a_person_approves_and_is_named_in_the_trail(worse):
    policy = ml.retrain_when(POLICY + "; human approval above budget", budget=5, monitor=worse, cost=9.0)
    policy.begin(NOW)
    policy.approve_by("Ada", now=NOW + 1)
    assert policy.begin(NOW + 2).fires
    assert [(entry.kind, entry.who) for entry in policy.audit.entries()] == [
        ("decision", "policy"), ("approval", "Ada"), ("decision", "policy"), ("start", "policy"),
    ]  # fmt: skip


def test_who_approves_may_be_a_function(worse):
    policy = ml.retrain_when(POLICY + "; human approval above budget 5", monitor=worse, cost=9.0, approve=lambda decision: "Grace")
    assert policy.begin(NOW).fires
    assert "Grace" in {entry.who for entry in policy.audit.entries()}


def test_an_approval_of_nothing_is_refused(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    with pytest.raises(ValueError, match="nothing waits for approval"):
        policy.approve_by("Ada", now=NOW)


def test_an_attempt_that_deploys_nothing_is_rejected_and_cools_down(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    policy.begin(NOW)
    assert policy.settle(failed="the pipeline stopped in `gate`") == "rejected"
    assert kinds(policy)[-1] == "end"
    assert policy.begin(NOW + 60).outcome is Outcome.QUIET  # the evidence has been answered


@pytest.mark.parametrize(("state", "outcome"), [("STABLE", "promoted"), ("ROLLED_BACK", "rolled back")])
def test_the_outcome_is_that_of_the_rollout(worse, state, outcome):
    policy = ml.retrain_when(POLICY, monitor=worse)
    policy.begin(NOW)
    store = Store()
    store.put_version("churn", Version("2", "DRAFT", "", "", smoke=True))
    share = [Share("2", 1.0)] if state == "STABLE" else None
    store.append_transition(
        Transition("churn", time.time(), "CANARY", state, "", "2", "because", {}), versions=[Version("2", state, smoke=True)], traffic=share
    )
    store.close()
    assert policy.settle() == outcome
    assert policy.audit.state().attempts[-1].outcome == outcome


def test_a_loop_that_feeds_on_itself_is_warned_of(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    policy.begin(NOW)
    assert policy.view()["influence"]["warning"].startswith("100% of 900 training rows were decided by the model itself")
    assert ml.retrain_when(POLICY, monitor=worse, other_rows=1000).view()["influence"]["warning"] == ""


def test_the_definition_makes_the_same_policy(worse):
    policy = ml.retrain_when(POLICY, monitor=worse, cost=2.0, trained_at=5.0)
    namespace: dict = {}
    lines = "\n".join(f"    {line}" for line in policy.definition().splitlines())
    exec(f"import jupyter_mlops as ml\ndef make():\n{lines}", namespace)
    assert namespace["make"]() == policy


def test_labels_of_this_process_alone_cannot_be_compiled(worse, tmp_path):
    policy = ml.retrain_when(POLICY, monitor=ml.monitor("churn", labels=lambda: None), notebook=tmp_path / "x.ipynb")
    with pytest.raises(ValueError, match="`labels` is a `function` of this process"):
        policy.compile()


def test_wrong_arguments_are_named(worse):
    with pytest.raises(ValueError, match="asks for `auc`; the monitor measures `accuracy`"):
        ml.retrain_when("auc < 0.8", monitor=worse)
    with pytest.raises(PolicyError, match="column 10"):
        ml.retrain_when("ADWIN on sales", monitor=worse)
    with pytest.raises(TypeError, match="`monitor` is a `str`"):
        ml.retrain_when(POLICY, monitor="churn")


def test_text_and_html_tell_the_trail(worse):
    policy = ml.retrain_when(POLICY, monitor=worse)
    policy.begin(NOW)
    policy.settle(failed="the gate said no")
    assert "rejected; the gate said no" in policy.text()
    assert "rejected; the gate said no" in policy.html()
    assert len(policy.html()) < 100_000
