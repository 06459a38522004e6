"""Values that fit pass in one canonical form; everything else is one sentence."""

from __future__ import annotations

import pytest

from jupyter_mlops.submit.parameters import bind_parameters, read_assignments
from jupyter_mlops.submit.plan import Parameter
from nb2pipe.errors import Nb2PipeError

DECLARED = [
    Parameter(name="depth", type="int", required=False, default=6),
    Parameter(name="rate", type="float", required=True),
    Parameter(name="name", type="str", required=False, default="{~{x}}"),
    Parameter(name="limit", type="int", required=True, optional=True),
]


def one(kind, **more):
    return [Parameter(name="p", type=kind, required=True, **more)]


def test_defaults_stay_and_given_text_is_escaped():
    assert bind_parameters({"rate": 1, "depth": 3.0}, DECLARED) == {"depth": 3, "rate": 1.0, "name": "{~{x}}"}
    assert bind_parameters({"p": {"a": ["{{$}}", 1]}}, one("dict")) == {"p": {"a": ["{~{$}}", 1]}}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", True),
        ("int", 1.5),
        ("int", "1"),
        ("float", "x"),
        ("float", float("nan")),
        ("str", 1),
        ("bool", 1),
        ("list", {}),
        ("dict", []),
        ("list", [object()]),
        ("int", None),
        ("list", [float("inf")]),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(kind, value):
    with pytest.raises(Nb2PipeError, match="`p`"):
        bind_parameters({"p": value}, one(kind))


def test_the_nearest_name_is_offered():
    with pytest.raises(Nb2PipeError, match="no parameter `dept`; the nearest is `depth`"):
        bind_parameters({"dept": 1, "rate": 1.0}, DECLARED)
    with pytest.raises(Nb2PipeError, match=r"no parameter `zzz`; it has `depth`, `rate`"):
        bind_parameters({"zzz": 1}, DECLARED)


def test_a_missing_value_says_what_to_add():
    with pytest.raises(Nb2PipeError, match="no default and no value: `rate`") as caught:
        bind_parameters({}, DECLARED)
    assert caught.value.hint == "add -p rate=VALUE"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "3", 3),
        ("float", "1e-3", 0.001),
        ("str", "3", "3"),
        ("str", "a=b", "a=b"),
        ("str", "", ""),
        ("bool", "True", True),
        ("bool", "false", False),
        ("list", "[1, 2]", [1, 2]),
        ("dict", '{"a": null}', {"a": None}),
    ],
)
def test_a_word_of_the_command_line_becomes_a_value(kind, text, value):
    assert read_assignments([f"p={text}"], one(kind)) == {"p": value}


@pytest.mark.parametrize(("word", "kind"), [("p", "int"), ("p=x", "int"), ("p=1", "list"), ("q=1", "int"), ("p=1.5", "int")])
def test_a_word_that_does_not_fit_is_refused(word, kind):
    with pytest.raises(Nb2PipeError):
        read_assignments([word], one(kind))
