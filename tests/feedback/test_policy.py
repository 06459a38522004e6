"""A policy is read from text and from JSON, written back, and refused with the place and the words that were expected."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policies import policies

from jupyter_mlops.feedback.language import parse_policy
from jupyter_mlops.feedback.policy import (
    Age,
    Alarm,
    Detector,
    Level,
    Measure,
    Period,
    Place,
    Policy,
    PolicyError,
    Rate,
    Scope,
    Shift,
    Trigger,
    read_policy,
)

ISSUE = (
    "PSI > 0.2 on any top-10 feature for 3 windows, or ADWIN on error, or age > 30 days; at most once a day; human approval above budget 50"
)


def test_the_sentence_of_the_specification_is_read():
    assert read_policy(ISSUE) == Policy(
        triggers=(
            Trigger((Shift(Measure.PSI, 0.2, Scope(Place.TOP, 10), 3),)),
            Trigger((Alarm(Detector.ADWIN),)),
            Trigger((Age(30),)),
        ),
        at_most=Rate(1, Period.DAY),
        approval_above=50,
    )


def test_the_sentence_of_the_specification_is_written_as_it_was():
    assert str(read_policy(ISSUE)) == ISSUE


def test_the_budget_above_which_a_person_approves_may_stand_beside_the_text():
    text = "age > 1 day; human approval above budget; at most once a day"
    assert read_policy(text, budget=50) == read_policy(text.replace("budget", "budget 50"))


def test_conditions_joined_by_and_are_one_trigger():
    policy = read_policy("PSI > 0.2 on feature `mean radius` and estimated accuracy < 0.9 for 2 windows")
    assert policy.triggers == (
        Trigger((Shift(Measure.PSI, 0.2, Scope(Place.FEATURE, 0, "mean radius")), Level("accuracy", 0.9, estimated=True, windows=2))),
    )


def test_a_line_break_is_a_blank():
    assert read_policy(ISSUE.replace(" ", "\n   ")) == read_policy(ISSUE)


@given(policies)
def test_text_gives_the_policy_back(policy):
    assert parse_policy(str(policy)) == policy


@given(policies)
def test_json_gives_the_policy_back(policy):
    assert read_policy(json.loads(json.dumps(policy.as_dict()))) == policy


@given(st.text(max_size=60) | st.lists(st.sampled_from([*ISSUE.split(), "`", "-1", "drops", "by", "feature"]), max_size=12).map(" ".join))
def test_any_text_is_a_policy_or_a_policy_error(text):
    try:
        policy = parse_policy(text)
    except PolicyError:
        return
    assert parse_policy(str(policy)) == policy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PSI > 0.2 for 3 windows", "column 11: found `for`, expected `on`"),
        ("ADWIN on latency", "column 10: found `latency`, expected `error`"),
        ("PSI < 0.2 on any feature", "column 5: found `<`, expected `>`"),
        ("PSI > 0.2 on any top-0 feature", "column 21: found `-0`, expected a whole number of at least 1"),
        ("age > 30", "column 9: found the end, expected `day`"),
        ("age > 30 days; at most thrice a day", "column 24: found `thrice`, expected `once`, `twice` or a whole number of at least 1"),
        ("age > 1 day; at most once a day; at most once a week", "column 34: found `at`, expected another guard; this one stands twice"),
        ("age > 1 day; human approval above budget", "column 41: found the end, expected a number"),
        ("age > 1 day !", "column 13: found `!`, expected `and`, `,`, `or` or `;`"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_expected(text, message):
    with pytest.raises(PolicyError) as raised:
        parse_policy(text)
    lines = str(raised.value).splitlines()
    assert lines[0] == message
    assert lines[2].index("^") - 2 == int(message.split(":")[0].removeprefix("column ")) - 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "`retrain_when` is missing; expected a list of triggers, each a list of conditions"),
        ({"retrain_when": []}, "the policy has no trigger; expected at least one, such as `ADWIN on error`"),
        ({"retrain_when": [[{"kind": "age"}]]}, "`retrain_when[0][0]` lacks `days`"),
        ({"retrain_when": [[{"kind": "age", "days": "30"}]]}, "`retrain_when[0][0].days` is '30'; expected a number"),
        ({"retrain_when": [[{"kind": "age", "days": float("nan")}]]}, "`days` of `age` is nan; expected a number of at least 0"),
        (
            {"retrain_when": [[{"kind": "alarm", "detector": "KSWIN"}]]},
            "`retrain_when[0][0].detector` is 'KSWIN'; expected `ADWIN`, `DDM`, `EDDM`, `Page-Hinkley`",
        ),
        (
            {"retrain_when": [[{"kind": "alarm", "detector": "DDM"}]], "rows": "many"},
            "`rows` is 'many'; expected a whole number",
        ),
        (
            {"retrain_when": [[{"kind": "drop", "metric": "auc", "by": 0.1, "windows": True}]]},
            "`retrain_when[0][0].windows` is True; expected a whole number",
        ),
        ({"retrain_when": [[{"kind": "age", "days": 3}]], "every": "day"}, "the policy has a key `every`; expected "),
        ({"retrain_when": [[{"kind": "age", "days": 3}]], "schema": "nb2pipe.policy/2"}, "`schema` is `nb2pipe.policy/2`; expected "),
    ],
)
def test_a_mistake_in_json_is_named_with_its_key(document, message):
    with pytest.raises(PolicyError) as raised:
        read_policy(document)
    assert str(raised.value).startswith(message)
