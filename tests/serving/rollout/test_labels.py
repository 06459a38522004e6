"""Truths that arrive later decide a rollout: each is joined with the answer that it belongs to and counted once."""

from __future__ import annotations

import numpy as np
import pytest

from jupyter_mlops.serving.labels import Reported, join, report, score
from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.events import Stage
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Evidence, Store, Transition, Truth, Version
from jupyter_mlops.serving.server.core import Answer
from jupyter_mlops.serving.server.prediction_log import PredictionLogs

pytest.importorskip("pyarrow")

SPEC = Spec.read({
    "shadow": {"for": "30s"}, "each": {"min_requests": 200, "max_duration": "10m"}, "bake": "60s", "silence": "60s", "hold": "10m",
    "guard": [{"signal": "metric", "margin": 0.1, "required": True}],
})  # fmt: skip
DELAY = 20


class Service:
    """A model in service whose answers are logged; their truths are reported `DELAY` seconds later. No clock runs: time is a number."""

    def __init__(self, home, monkeypatch, right):
        self.home, self.right, self.now = home, right, 1_000_000.0
        monkeypatch.setattr("jupyter_mlops.serving.server.prediction_log.time.time", lambda: self.now)
        self.store = Store(home / "serving" / "serving.db")
        self.log = PredictionLogs(home / "monitoring" / "predictions")
        self.random = np.random.default_rng(0)
        self.truths, self.asked = [], 0
        self.controller = Controller(self.store, "churn", smoke=lambda model, version: SmokeResult(True))
        stable = Transition("churn", self.now, "NEW", "STABLE", "stable", "1", "was there", {})
        self.store.append_transition(stable, versions=[Version("1", "STABLE", smoke=True)])
        assert not self.controller.submit(Version("2", "DRAFT"), SPEC, now=self.now)

    def second(self):
        for share in self.store.traffic("churn"):
            count = round(40 * share.share)
            if not count:
                continue
            if not share.shadow:
                for _ in range(count):
                    self.answer(share.version)
            self.store.add_evidence([Evidence("churn", share.version, int(self.now), count, 0, {80: count})])
        due = [(name, truth) for at, name, truth in self.truths if at == self.now - DELAY]
        self.store.add_truths("churn", [Truth(f"{name}/0", truth, None, "", self.now) for name, truth in due])
        self.now += 1

    def answer(self, version):
        self.asked += 1
        truth = int(self.random.integers(2))
        said = truth if self.random.random() < self.right[version] else 1 - truth
        answer = Answer("", {"x": np.array([1.0])}, {"label": np.array([said])}, "serving_default")
        self.log.add("churn", int(version), f"r{self.asked}", 100.0, answer)
        self.truths.append((self.now, f"r{self.asked}", truth))

    def go_on(self, seconds, until):
        for _ in range(seconds):
            if self.now % SPEC.interval_seconds == 0:
                self.log.flush()
                if self.controller.tick(self.now).stage in until:
                    break
            self.second()
        self.log.close()
        return self.controller.state()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.slow
def test_a_candidate_with_a_worse_online_metric_is_rolled_back(home, monkeypatch):
    service = Service(home, monkeypatch, {"1": 0.9, "2": 0.6})
    state = service.go_on(1500, [Stage.ROLLED_BACK, Stage.STABLE])
    back = service.store.transitions("churn")[-2]
    assert (state.stage, state.stable, back.to_state) == (Stage.ROLLED_BACK, "1", "ROLLING_BACK")
    assert back.reason.startswith("metric: scores 0.")


@pytest.mark.slow
def test_a_candidate_with_an_equal_online_metric_is_promoted_on_its_labels(home, monkeypatch):
    service = Service(home, monkeypatch, {"1": 0.9, "2": 0.9})
    state = service.go_on(3000, [Stage.ROLLED_BACK, Stage.STABLE])
    assert (state.stage, state.stable) == (Stage.STABLE, "2")
    step = next(change for change in service.store.transitions("churn") if change.from_state == "CANARY")
    (guard,) = [guard for guard in step.evidence["guards"] if guard["signal"] == "metric"]
    assert guard["finding"] == "good"
    assert guard["for"] >= guard["for_needed"]


@pytest.fixture
def logged(home):
    log = PredictionLogs(home / "monitoring" / "predictions")
    Store(home / "serving" / "serving.db").close()

    def answer(name, outputs, version=1):
        log.add("churn", version, name, 100.0, Answer("", {"x": np.array([1.0])}, outputs, "serving_default"))
        log.flush()

    yield answer
    log.close()


def _sums(home):
    with Store(home / "serving" / "serving.db") as store:
        rows = [row for version in ("1", "2") for row in store.evidence_since("churn", version, 0)]
    return {version: (sum(r.labels for r in rows if r.version == version), sum(r.label_score for r in rows if r.version == version))
            for version in ("1", "2")}  # fmt: skip


def test_a_label_counts_once_for_the_version_that_answered(home, logged):
    logged("a", {"label": np.array(["yes"], object)}, version=1)
    logged("b", {"label": np.array(["no"], object)}, version=2)
    assert report("churn", {"a": "yes", "b": "yes"}) == Reported(2, 0)
    assert report("churn", {"a": "yes"}) == Reported(0, 0)
    assert _sums(home) == {"1": (1, 1.0), "2": (1, 0.0)}


def test_a_label_that_comes_before_its_answer_is_on_disk_waits(home, logged):
    assert report("churn", {"late": 1}) == Reported(0, 1)
    logged("late", {"label": np.array([1])})
    with Store(home / "serving" / "serving.db") as store:
        assert join(store, "churn", 10.0) == (1, frozenset())
    assert _sums(home)["1"] == (1, 1.0)


def test_two_readers_that_join_at_once_count_a_label_once(home, logged):
    logged("a", {"label": np.array([1])})
    with Store(home / "serving" / "serving.db") as store:
        store.add_truths("churn", [Truth("a/0", 1)])
        row = {"a/0": Evidence("churn", "1", 5, labels=1, label_score=1.0)}
        assert (store.count_truths("churn", row), store.count_truths("churn", row)) == (1, 0)
    assert _sums(home)["1"] == (1, 1.0)


SCORES = {
    "right class": (("yes", "yes", None), 1.0),
    "wrong class": ((2, 3, None), 0.0),
    "place of the largest score": (([0.1, 0.9], 1, None), 1.0),
    "probability": (([0.5], 1, None), 0.75),
    "number with a span": ((10.0, 12.0, 4.0), 0.5),
    "further off than the span": ((10.0, 92.0, 4.0), 0.0),
    "NaN is the worst": ((float("nan"), 1, None), 0.0),
    "number without a span": ((10.0, 12.0, None), None),
    "text against a number": ((0.5, "yes", None), None),
}


@pytest.mark.parametrize("case", SCORES)
def test_the_score_of(case):
    given, expected = SCORES[case]
    assert score(*given) == expected


def test_a_label_that_cannot_be_compared_is_an_error(home, logged):
    logged("a", {"price": np.array([310.5])})
    with pytest.raises(ValueError, match=r"cannot be compared with their predictions, such as that of `a/0`.*`span=`"):
        report("churn", {"a": 300})
    assert report("churn", {"a": 300}, span=100) == Reported(1, 0)


@pytest.mark.parametrize("empty", [None, float("nan")])
def test_an_empty_label_is_refused(home, logged, empty):
    with pytest.raises(ValueError, match="the label of `a` is"):
        report("churn", {"a": empty})
