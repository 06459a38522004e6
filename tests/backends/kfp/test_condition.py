"""Trigger conditions: what is CEL and what is not."""

from __future__ import annotations

import pytest

from nb2pipe.backends.kfp.validator.condition import condition_error, condition_inputs

FLAG = "inputs.parameter_values['a']"


@pytest.mark.parametrize(
    "condition",
    [
        f"{FLAG} == true",
        f"!({FLAG} == 'x') && int({FLAG}) >= -2 || double({FLAG}) < 1.5e-3",
        f"{FLAG} in ['a', \"b\"] ? true : false",
        'inputs.parameter_values["a"].size() % 2 == 0',
        "{'k': 1}['k'] == 1",
        "[] == []",
        "'it\\'s' != \"\"",
    ],
)
def test_cel_is_read(condition):
    assert condition_error(condition) is None


@pytest.mark.parametrize(
    ("condition", "error"),
    [
        ("", "the expression ends where a value is expected"),
        (f"{FLAG} == ", "the expression ends where a value is expected"),
        (f"{FLAG} = true", "`= true` is not a token of CEL"),
        (f"{FLAG} & true", "`& true` is not a token of CEL"),
        ("(true", "`)` is expected at the end"),
        ("true)", "`)` stands after the end of the expression"),
        ("f(1,)", "`)` stands where a value is expected"),
        ("a ? b", "`:` is expected at the end"),
        ("a.1", "a name is expected after the point"),
        ("'open", "`'open` is not a token of CEL"),
        ("a b", "`b` stands after the end of the expression"),
        ("&& a", "`&&` stands where a value is expected"),
        ("{'a'}", "`:` is expected, found `}`"),
        ("a.'b'", "a name is expected after the point"),
    ],
)
def test_what_is_not_cel(condition, error):
    assert condition_error(condition) == error


def test_inputs_of_a_condition():
    assert condition_inputs(f"{FLAG} == true && inputs.parameter_values[ \"b-c\" ] == 'd'") == ["a", "b-c"]
