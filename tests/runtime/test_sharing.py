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
