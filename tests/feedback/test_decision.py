"""What a policy decides: facts for each guard, and laws that hold for any policy, history and state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from policies import HOUR, histories, likely_policies, states

from jupyter_mlops.feedback.decision import Outcome, decide
from jupyter_mlops.feedback.evidence import Approval, Attempt, Movement, Reading, State, Window
from jupyter_mlops.feedback.policy import read_policy

DAY = 24 * HOUR
ALARM = [Window(start=0, end=HOUR, rows=100, labelled=50, alarms=("ADWIN",))]


def shifted(*sizes: float, column: str = "a", rank: int = 1, drifted: bool = True) -> list[Window]:
    return [
        Window(
            start=at * HOUR, end=(at + 1) * HOUR, rows=100, features={column: Movement(effects={"PSI": size}, rank=rank, drifted=drifted)}
        )
        for at, size in enumerate(sizes)
    ]


def outcome(policy: str, history: list[Window], now: float = 12 * HOUR, **state: object) -> Outcome:
    return decide(read_policy(policy), history, State(**state), now).outcome


class TestTriggers:
    DRIFT = "PSI > 0.2 on any top-3 feature for 3 windows; input drift retrains"

    @pytest.mark.parametrize(
        ("sizes", "expected"),
        [((0.3, 0.3, 0.3), Outcome.RETRAIN), ((0.3, 0.3), Outcome.QUIET), ((0.3, 0.1, 0.3, 0.3), Outcome.QUIET), ((0.1, 0.3, 0.3, 0.3), Outcome.RETRAIN)],
    )  # fmt: skip
    def test_a_shift_must_last(self, sizes, expected):
        assert outcome(self.DRIFT, shifted(*sizes)) is expected

    def test_the_same_column_must_shift_in_each_window(self):
        history = [*shifted(0.3, 0.3), replace(shifted(0.3, column="b")[0], start=2 * HOUR, end=3 * HOUR)]
        assert outcome(self.DRIFT, history) is Outcome.QUIET

    def test_an_unimportant_column_is_not_looked_at(self):
        assert outcome(self.DRIFT, shifted(0.3, 0.3, 0.3, rank=4)) is Outcome.QUIET

    def test_without_a_ranking_every_column_counts(self):
        assert outcome(self.DRIFT, shifted(0.3, 0.3, 0.3, rank=0)) is Outcome.RETRAIN

    def test_a_large_value_that_is_noise_does_not_count(self):
        assert outcome(self.DRIFT, shifted(0.3, 0.3, 0.3, drifted=False)) is Outcome.QUIET

    def test_a_window_that_could_not_be_judged_is_passed_over(self):
        history = shifted(0.3, 0.3, 0.3, 0.3)
        history[2] = Window(start=2 * HOUR, end=3 * HOUR)
        assert outcome(self.DRIFT, history) is Outcome.RETRAIN

    def test_a_level_counts_when_its_whole_interval_is_below(self):
        def history(low, high):
            return [Window(start=0, end=HOUR, metrics={"accuracy": Reading((low + high) / 2, low, high)})]

        assert outcome("accuracy < 0.9", history(0.8, 0.89)) is Outcome.RETRAIN
        assert outcome("accuracy < 0.9", history(0.8, 0.91)) is Outcome.QUIET

    def test_a_loss_drops_by_getting_larger(self):
        history = [Window(start=0, end=HOUR, metrics={"log_loss": Reading(0.5, 0.45, 0.55)})]
        state = {"accepted": {"log_loss": 0.3}, "higher_is_better": {"log_loss": False}}
        assert outcome("log_loss drops by 0.1", history, **state) is Outcome.RETRAIN
        assert outcome("log_loss drops by 0.2", history, **state) is Outcome.QUIET

    def test_a_drop_from_an_unknown_value_is_none(self):
        history = [Window(start=0, end=HOUR, metrics={"accuracy": Reading(0.1, 0.1, 0.1)})]
        assert outcome("accuracy drops by 0.1", history) is Outcome.QUIET

    def test_age_counts_from_training_and_not_from_nothing(self):
        assert outcome("age > 30 days", [], now=31 * DAY, trained_at=0.0) is Outcome.RETRAIN
        assert outcome("age > 30 days", [], now=29 * DAY, trained_at=0.0) is Outcome.QUIET
        assert outcome("age > 30 days", [], now=31 * DAY) is Outcome.QUIET

    def test_a_failed_try_for_age_is_not_repeated_at_once(self):
        tried = (Attempt(at=31 * DAY, causes=("age > 30 days",), outcome="rejected"),)
        assert outcome("age > 30 days", [], now=32 * DAY, trained_at=0.0, attempts=tried) is Outcome.QUIET

    def test_windows_after_now_are_not_seen(self):
        assert outcome("ADWIN on error", ALARM, now=HOUR - 1) is Outcome.QUIET


class TestGuards:
    def test_moved_inputs_alone_open_an_investigation(self):
        assert outcome("PSI > 0.2 on any feature", shifted(0.3)) is Outcome.INVESTIGATE

    def test_moved_inputs_with_an_alarm_retrain_for_the_alarm(self):
        decision = decide(read_policy("PSI > 0.2 on any feature, or ADWIN on error"), [*shifted(0.3), *ALARM], State(), DAY)
        assert (decision.outcome, decision.keys) == (Outcome.RETRAIN, ("ADWIN on error",))

    def test_moved_inputs_and_a_worse_estimate_in_one_trigger_retrain(self):
        history = [replace(shifted(0.3)[0], estimates={"accuracy": Reading(0.8, 0.78, 0.82)})]
        decision = decide(read_policy("PSI > 0.2 on any feature and estimated accuracy < 0.9"), history, State(), DAY)
        assert (decision.outcome, decision.keys) == (Outcome.RETRAIN, ("PSI of `a`", "estimated accuracy < 0.9"))

    def test_a_retraining_that_is_going_on_is_not_doubled(self):
        running = (Attempt(at=0.0, causes=("age > 1 days",)),)
        assert outcome("ADWIN on error", ALARM, attempts=running) is Outcome.DUPLICATE

    def test_evidence_that_has_been_answered_is_not_used_again(self):
        answered = (Attempt(at=2 * HOUR, causes=("ADWIN on error",), outcome="rejected"),)
        assert outcome("ADWIN on error", ALARM, attempts=answered) is Outcome.QUIET

    def test_a_promoted_model_answers_every_cause_before_it(self):
        promoted = (Attempt(at=2 * HOUR, causes=("age > 1 days",), outcome="promoted"),)
        assert outcome("ADWIN on error", ALARM, attempts=promoted) is Outcome.QUIET

    def test_an_attempt_for_something_else_that_failed_answers_nothing(self):
        other = (Attempt(at=2 * HOUR, causes=("age > 1 days",), outcome="rejected"),)
        assert outcome("ADWIN on error", ALARM, attempts=other) is Outcome.RETRAIN

    def test_once_a_day_is_once_in_any_24_hours(self):
        old = (Attempt(at=0.0, causes=("age > 1 days",), outcome="rejected"),)
        assert outcome("ADWIN on error; at most once a day", ALARM, now=DAY - 1, attempts=old) is Outcome.COOLING
        assert outcome("ADWIN on error; at most once a day", ALARM, now=DAY, attempts=old) is Outcome.RETRAIN

    def test_labelled_rows_are_counted_since_the_last_retraining(self):
        assert outcome("ADWIN on error; at least 50 new labelled rows", ALARM) is Outcome.RETRAIN
        assert outcome("ADWIN on error; at least 51 new labelled rows", ALARM) is Outcome.ROWS
        past = (Attempt(at=HOUR, causes=(), outcome="rejected"),)
        assert outcome("ADWIN on error; at least 50 new labelled rows", ALARM, attempts=past) is Outcome.ROWS

    def test_what_is_spent_and_what_is_to_come_stay_within_the_budget(self):
        spent = (Attempt(at=0.0, causes=(), cost=60.0, outcome="rejected"),)
        assert outcome("ADWIN on error; budget 100 per week", ALARM, attempts=spent, cost=40.0) is Outcome.RETRAIN
        assert outcome("ADWIN on error; budget 100 per week", ALARM, attempts=spent, cost=41.0) is Outcome.BUDGET
        assert outcome("ADWIN on error; budget 100 per week", ALARM, attempts=spent, cost=41.0, now=8 * DAY) is Outcome.RETRAIN

    def test_above_a_cost_a_person_must_approve_these_causes(self):
        policy, cause = "ADWIN on error; human approval above budget 50", ("ADWIN on error",)
        assert outcome(policy, ALARM, cost=50.0) is Outcome.RETRAIN
        assert outcome(policy, ALARM, cost=51.0) is Outcome.APPROVAL
        assert outcome(policy, ALARM, cost=51.0, approvals=(Approval(at=HOUR, by="ada", causes=cause),)) is Outcome.RETRAIN
        assert outcome(policy, ALARM, cost=51.0, approvals=(Approval(at=HOUR, by="ada", causes=("age > 1 days",)),)) is Outcome.APPROVAL

    def test_an_approval_is_used_up_by_a_retraining(self):
        approvals = (Approval(at=-2.0, by="ada", causes=("ADWIN on error",)),)
        tried = (Attempt(at=-1.0, causes=("ADWIN on error",), outcome="rejected"),)
        policy = "ADWIN on error; human approval above budget 50"
        assert outcome(policy, ALARM, cost=51.0, approvals=approvals, attempts=tried) is Outcome.APPROVAL


@given(likely_policies, histories(), states())
@settings(max_examples=300)
def test_a_decision_to_retrain_breaks_no_guard(policy, history, state):
    now = 12 * HOUR
    decision = decide(policy, history, state, now)
    if not decision.fires:
        return
    assert decision.causes
    assert all(attempt.outcome != "running" for attempt in state.attempts)
    if policy.at_most is not None:
        assert sum(now - attempt.at < policy.at_most.period.seconds for attempt in state.attempts) < policy.at_most.amount
    if policy.budget is not None:
        spent = sum(attempt.cost for attempt in state.attempts if now - attempt.at < policy.budget.period.seconds)
        assert spent + state.cost <= policy.budget.amount
    if policy.approval_above is not None and state.cost > policy.approval_above:
        assert any(set(decision.keys) <= set(approval.causes) for approval in state.approvals)
    assert sum(window.labelled for window in history) >= policy.rows


@given(likely_policies, histories(labels=False), states())
@settings(max_examples=300)
def test_moved_inputs_alone_never_retrain(policy, history, state):
    quiet = [replace(window, prediction=None) for window in history]
    decision = decide(replace(policy, input_drift_retrains=False), quiet, replace(state, trained_at=None), 12 * HOUR)
    assert decision.outcome in {Outcome.QUIET, Outcome.INVESTIGATE}


@given(likely_policies, histories(), states())
def test_the_order_of_windows_and_windows_to_come_do_not_matter(policy, history, state):
    now = 6 * HOUR
    past = [window for window in history if window.end <= now]
    assert decide(policy, history, state, now) == decide(policy, past[::-1], state, now)


@given(likely_policies, histories(), states())
def test_the_same_evidence_fires_once(policy, history, state):
    now = 12 * HOUR
    first = decide(policy, history, state, now)
    if not first.fires:
        return
    attempts = (*state.attempts, Attempt(at=now, causes=first.keys, cost=state.cost, outcome="promoted"))
    again = decide(policy, history, replace(state, attempts=attempts, trained_at=now), now)
    # A model of age 0 may still be older than "age > 0 days" never: nothing holds any more.
    assert again.outcome is Outcome.QUIET


@given(likely_policies, histories(), states())
@settings(max_examples=200)
def test_over_a_whole_history_no_period_has_more_retrainings_than_allowed(policy, history, state):
    attempts: list[Attempt] = []
    for hour in range(1, 40):
        now = hour * HOUR
        decision = decide(policy, history, replace(state, attempts=tuple(attempts)), now)
        if decision.fires:
            attempts.append(Attempt(at=now, causes=decision.keys, cost=state.cost, outcome="rejected"))
    for each in attempts:
        if policy.at_most is not None:
            within = sum(0 <= each.at - other.at < policy.at_most.period.seconds for other in attempts)
            assert within <= policy.at_most.amount
        if policy.budget is not None:
            spent = sum(other.cost for other in attempts if 0 <= each.at - other.at < policy.budget.period.seconds)
            assert spent <= policy.budget.amount + 1e-9
