"""`verify` says where two values first differ, and looks through numbers that differ by rounding only."""

from __future__ import annotations

import math

import pytest

from jupyter_mlops.submit.compare import difference


class Point:
    """A class without equality of its own."""

    def __init__(self, x: float, parts: list[int]) -> None:
        self.x = x
        self.parts = parts


SAME = [
    (1, 1),
    (0.1 + 0.2, 0.3),
    (math.nan, math.nan),
    ([1, {"a": (2.0, None)}], [1, {"a": (2.0, None)}]),
    ({1, 2}, {2, 1}),
    (Point(0.1 + 0.2, [1]), Point(0.3, [1])),
    (b"x", b"x"),
]

DIFFERENT = [
    (1, 2, "it: 1 against 2"),
    (1, 1.0, "it is int against float"),
    ([1, 2], [1, 3], "[1]: 2 against 3"),
    ([1], [1, 2], "it has 1 elements against 2"),
    ({"a": 1}, {"b": 1}, "it has other keys: ['a'] against ['b']"),
    ({"a": [0.5]}, {"a": [0.25]}, "['a'][0]: 0.5 against 0.25"),
    (Point(1, [1]), Point(1, [2]), ".parts[0]: 1 against 2"),
]


@pytest.mark.parametrize(("whole", "isolated"), SAME)
def test_equal_values(whole: object, isolated: object) -> None:
    """Nothing differs."""
    assert difference(whole, isolated) is None


@pytest.mark.parametrize(("whole", "isolated", "said"), DIFFERENT)
def test_the_first_difference_is_placed(whole: object, isolated: object, said: str) -> None:
    """The message names the place inside the value and both sides."""
    assert difference(whole, isolated) == said


def test_a_value_that_holds_itself_ends() -> None:
    """Cycles are compared once."""
    one: list[object] = [1]
    other: list[object] = [1]
    one.append(one)
    other.append(other)
    assert difference(one, other) is None


def test_arrays_and_frames() -> None:
    """Arrays and frames are compared with a relative tolerance, their types and shapes exactly."""
    import numpy as np
    import pandas as pd

    assert difference(np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-9])) is None
    assert difference(np.array([1.0]), np.array([1.0], dtype="float32")) == "it is float64[1] against float32[1]"
    frame = pd.DataFrame({"a": [1.0, 2.0]})
    assert difference(frame, frame * (1 + 1e-9)) is None
    assert "values are different" in str(difference(frame, frame + 1))
    assert difference([frame], [frame.rename(columns={"a": "b"})]) is not None


def test_fitted_trees_are_compared_by_what_pickle_keeps() -> None:
    """A class in C without attributes of its own is compared by its state."""
    from sklearn.tree import DecisionTreeClassifier

    data = [[0.0], [1.0], [2.0], [3.0]]
    one, same = (DecisionTreeClassifier(random_state=0).fit(data, [0, 0, 1, 1]) for _ in range(2))
    assert difference(one, same) is None
    assert difference(one, DecisionTreeClassifier(random_state=0).fit(data, [0, 1, 1, 1])) is not None
