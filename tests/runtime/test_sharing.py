"""Several names through one port keep what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable


def test_two_names_of_one_object_are_stored_once(both: Callable[..., Any]) -> None:
    value = [1, 2]
    encodings, back = both(a=value, b=value)
    assert encodings == {"a": "json", "b": "=a"}
    assert back["a"] is back["b"]


def test_objects_that_share_a_part_keep_it_shared(both: Callable[..., Any]) -> None:
    part = [1]
    encodings, back = both(a={"part": part}, b=[part], c=np.ones(2), d={"part": [1]})
    assert encodings == {"a": "joint", "b": "joint", "c": "npy", "d": "json"}
    back["a"]["part"].append(2)
    assert back["b"] == [[1, 2]]
    encodings, back = both(part=part, whole={"in": (part,)})
    assert back["whole"]["in"][0] is back["part"]


def test_values_that_share_only_fixed_parts_are_stored_apart(both: Callable[..., Any]) -> None:
    text, index = "long text " * 9, pd.Index([1, 2])
    encodings, _ = both(
        a=[text, (1, 2)],
        b={"t": text},
        c=pd.DataFrame({"x": np.ones(2)}).set_index(index),
        d=pd.DataFrame({"y": np.ones(2)}).set_index(index),
        e=np.ones(2),
    )
    assert encodings == {"a": "json", "b": "json", "c": "arrow-frame", "d": "arrow-frame", "e": "npy"}


def test_an_array_in_two_dicts_is_one_array(both: Callable[..., Any]) -> None:
    array = np.zeros(3)
    _, back = both(a={"w": array}, b={"w": array}, c=array)
    back["a"]["w"][0] = 7
    assert (back["b"]["w"][0], back["c"][0]) == (7, 7)


def test_arrays_that_look_into_one_memory_still_do(both: Callable[..., Any]) -> None:
    """A slice, a transposed and a reversed view, and two slices of an array that has no name."""
    x: Any = np.ones((3, 4))
    rows = np.arange(6)
    encodings, back = both(x=x, part=x[:2, ::2], turned=x.T, last=x[::-1], left=rows[:3], right=rows[2:], alone=np.arange(9)[:2])
    assert (set(encodings.values()), encodings["alone"]) == ({"joint", "npy"}, "npy")
    back["x"][0, 0] = 99
    back["left"][2] = 7
    assert (back["part"][0, 0], back["turned"][0, 0], back["last"][2, 0], back["right"][0]) == (99, 99, 99, 7)
    assert back["turned"].tolist() == back["x"].T.tolist()


def test_a_frame_its_column_and_its_values_change_together_or_apart_as_before(both: Callable[..., Any]) -> None:
    """Which of it depends on the version of pandas."""

    def changed(frame: Any, column: Any, values: Any) -> list[Any]:
        frame.iloc[0, 0] = 9.0
        return [frame.to_dict(), column.tolist(), values.tolist()]

    frame = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    given = {"frame": frame, "column": frame["a"], "values": frame.values}  # noqa: PD011 - the view is meant
    _, back = both(**given)
    assert changed(**back) == changed(**given)
