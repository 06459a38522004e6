"""Values of Python's own types come back exactly, as JSON, text or bytes."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable


def exactly(one: Any, other: Any) -> bool:
    """Compare value and type at every depth; nan equals nan, -0.0 is not 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or (one == other and math.copysign(1, one) == math.copysign(1, other))
    if isinstance(one, dict):
        return list(map(repr, one)) == list(map(repr, other)) and all(map(exactly, one.values(), other.values()))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(exactly, one, other))
    return bool(one == other)


ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers(allow_nan=False)
PLAIN = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(alphabet="!ab") | st.integers() | st.tuples(st.integers(), st.text()), inner)
        | st.tuples(inner, inner)
        | st.frozensets(st.integers() | st.text())
        | st.sets(st.binary())
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the file is written anew each time
@given(PLAIN)
def test_plain_values_come_back_exactly(through: Callable[..., Any], value: Any) -> None:
    encoding, back = through(value)
    assert encoding in ("json", "text", "bytes")
    assert exactly(value, back)


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        -0.0,
        10**400,
        "\ud800",
        "\ud83d\ude00",
        "😀",
        {"!tuple": 1},
        {"": {}},
        [[]],
        {"a": {1: (2, {3})}},
        np.float64(0.1),
        np.bool_(1),
    ],
    ids=repr,
)
def test_edges_of_json_come_back_exactly(through: Callable[..., Any], value: Any) -> None:
    encoding, back = through(value, forbid=True)
    assert encoding in ("json", "text")
    assert exactly(value, back)


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f8", "i1", "u8", "c8", "b1", "m8[s]", "M8[ns]", "M8[D]"])
def test_numpy_scalars_in_a_dict_keep_their_type(through: Callable[..., Any], dtype: str) -> None:
    value = {"a": np.ones(1, dtype)[0]}
    encoding, back = through(value)
    assert encoding == "json"
    assert type(back["a"]) is type(value["a"])
    assert back["a"] == value["a"]
    assert back["a"].dtype == value["a"].dtype


def test_a_value_that_holds_one_list_twice_is_not_made_json(through: Callable[..., Any]) -> None:
    part: list[int] = []
    encoding, back = through({"a": part, "b": part})
    assert encoding == "pickle"
    assert back["a"] is back["b"]
    cycle: list[Any] = []
    cycle.append(cycle)
    encoding, back = through(cycle)
    assert encoding == "pickle"
    assert back[0] is back


def test_what_json_cannot_keep_is_pickled(through: Callable[..., Any]) -> None:
    for value in (10**5000, {"a": dt.date(2026, 1, 1)}, [np.array([1])]):
        assert through(value)[0] == "pickle"
