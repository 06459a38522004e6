"""The eight things that always hold of a rollout, under random sequences of everything that can happen to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from jupyter_mlops.serving.rollout.events import Asked, Drafted, Finding, Gated, Judged, Restored, Smoked, Stage
from jupyter_mlops.serving.rollout.machine import UNDER_WAY, State, step
from jupyter_mlops.serving.rollout.spec import Shadow, Spec
from jupyter_mlops.serving.rollout.traffic import share, shares

FORWARD = [Stage.DRAFT, Stage.GATED, Stage.SHADOW, Stage.CANARY, Stage.BAKING, Stage.STABLE]
SPECS = st.builds(
    Spec,
    shadow=st.none() | st.just(Shadow(seconds=30)),
    steps=st.sampled_from([(1.0,), (0.1, 0.5, 1.0), (0.05, 0.25, 0.5, 1.0)]),
    silence_seconds=st.sampled_from([20.0, 60.0]),
    max_seconds=st.just(100.0),
    hold_seconds=st.just(80.0),
    bake_seconds=st.sampled_from([0.0, 50.0]),
)


def progress(state: State) -> tuple[int, int]:
    """How far a rollout has come, held or not."""
    return (FORWARD.index(state.serving), state.step) if state.serving in FORWARD else (-1, 0)


class Rollouts(RuleBasedStateMachine):
    """A model, the log of its changes, and the states of its versions as a controller would write them."""

    def __init__(self):
        super().__init__()
        self.spec, self.state, self.now, self.measured, self.log, self.versions = Spec(), State(), 0.0, float("-inf"), [], {}

    def happen(self, event, spec=None):
        before = self.state
        outcome = step(before, event, spec or self.spec)
        self.state = outcome.state
        if outcome.move is None:
            assert progress(self.state) == progress(before), "(8) what changes nothing in the log changes nothing"
            assert shares(self.state, self.spec) == shares(before, self.spec)
            return
        move = outcome.move
        self.log.append(move)
        assert (move.from_state, move.to) == (before.stage.value if move.from_state != "NEW" else "NEW", self.state.stage)
        self.versions[move.version] = move.to
        self.versions |= dict(move.others)
        self.check_forward(before, event)
        if move.to is Stage.ROLLING_BACK:
            assert isinstance(event, (Judged, Asked, Smoked)), "(5) no gate and no new artifact is asked for"
            assert share(self.state, self.spec) == 0

    def check_forward(self, before, event):
        if before.serving not in {Stage.SHADOW, Stage.CANARY, Stage.BAKING} or progress(self.state) <= progress(before):
            return
        assert event.newest > before.since, "(3) nothing goes forward without evidence newer than the change before"
        assert not (isinstance(event, Judged) and event.finding is not Finding.GOOD), "(4) nobody is promoted on silence or doubt"

    @rule(spec=SPECS, version=st.sampled_from("123"), person=st.sampled_from(["", "ana"]))
    def draft(self, spec, version, person):
        frozen, before = version in self.state.frozen, self.state
        self.spec = self.spec if before.stage in UNDER_WAY else spec
        self.happen(Drafted(self.now, version, person))
        if frozen and not person:
            assert self.state == before, "(6) a frozen version comes back by a person only"

    @rule(passed=st.booleans())
    def gate(self, passed):
        self.happen(Gated(self.now, passed))

    @rule(passed=st.sampled_from([True, True, True, False]))
    def smoke(self, passed):
        self.happen(Smoked(self.now, passed))

    @rule(seconds=st.sampled_from([1, 10, 60, 200]))
    def wait(self, seconds):
        self.now += seconds

    @rule()
    def answer_requests(self):
        self.now += 1
        self.measured = self.now

    @rule(finding=st.sampled_from(Finding))
    def judge(self, finding):
        self.now += 1
        self.happen(Judged(self.now, finding, self.measured))

    @rule(command=st.sampled_from(["promote", "pause", "resume", "rollback", "sing"]))
    def ask(self, command):
        self.happen(Asked(self.now, command, "ana", self.measured))

    @rule()
    def promote_and_promote_again(self):
        """Nothing is measured between the two."""
        self.answer_requests()
        for _ in range(2):
            self.ask("promote")

    @rule(stages=st.integers(0, 3))
    def deploy_another_meanwhile(self, stages):
        self.go_on_well(stages)
        for event in [Drafted(self.now, "3", "ana"), Gated(self.now, True), Smoked(self.now, True)]:
            self.happen(event)

    @rule()
    def judge_twice_what_was_measured_once(self):
        self.answer_requests()
        for _ in range(2):
            self.now += 15
            self.happen(Judged(self.now, Finding.GOOD, self.measured))

    @rule()
    def roll_back_and_deploy_again(self):
        version = self.state.candidate
        for happens in (lambda: self.ask("rollback"), self.restore, lambda: self.draft(self.spec, version, "")):
            happens()

    @rule()
    def restore(self):
        self.happen(Restored(self.now))

    @rule(stages=st.integers(1, 5))
    def go_on_well(self, stages):
        version = "2" if self.state.stable == "1" else "1"
        for event in [Drafted(self.now, version, "ana"), Gated(self.now, True), Smoked(self.now, True)]:
            self.happen(event)
        for _ in range(stages):
            self.answer_requests()
            self.now += 300
            self.happen(Judged(self.now, Finding.GOOD, self.measured))

    @invariant()
    def one_version_is_stable(self):
        stable = [version for version, stage in self.versions.items() if stage is Stage.STABLE]
        assert stable == ([self.state.stable] if self.state.stable else []), "(1)"

    @invariant()
    def one_version_is_under_way(self):
        assert sum(stage in UNDER_WAY for stage in self.versions.values()) <= 1, "(1) nobody else is between stages"

    @invariant()
    def shares_sum_to_one(self):
        answering = [one.share for one in shares(self.state, self.spec) if not one.shadow]
        assert sum(answering) == pytest.approx(1.0 if self.state.stable else 0.0), "(2)"

    @invariant()
    def nobody_gets_traffic_before_smoke(self):
        for one in shares(self.state, self.spec):
            assert not one.share or one.version == self.state.stable or self.state.smoke

    @invariant()
    def after_a_rollback_the_spec_names_what_is_live(self):
        live = [one.version for one in shares(self.state, self.spec) if one.share]
        if self.state.stage in {Stage.ROLLED_BACK, Stage.STABLE}:
            assert live == [self.state.declared] * bool(self.state.declared), "(7)"
        if self.state.stage is Stage.ROLLED_BACK:
            assert self.state.candidate in self.state.frozen

    @invariant()
    def the_log_tells_everything(self):
        """(8): the states of all versions follow from the log, and its entries follow one another."""
        told = {}
        for move in self.log:
            told |= {move.version: move.to} | dict(move.others)
        assert told == self.versions
        for earlier, later in zip(self.log, self.log[1:], strict=False):
            assert later.from_state in {"NEW", earlier.to.value}
            assert later.at >= earlier.at


def explore(sequences: int) -> None:
    config = settings(
        max_examples=sequences,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Rollouts, settings=config)


def test_the_eight_invariants_hold_under_random_events():
    explore(150)


@pytest.mark.campaign
def test_the_eight_invariants_hold_under_ten_thousand_random_sequences():
    explore(10_000)
