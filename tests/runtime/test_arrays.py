"""Arrays come back as they were, without pickle where the format can spell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


ARRAYS = {
    "floats": np.linspace(0, 1, 7),
    "fortran": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "strided": np.arange(20)[::3],
    "zero-dimensional": np.array(3.5),
    "empty": np.empty((0, 3)),
    "structured": np.array([(1, 2.5, "a")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")]),
    "aligned": np.zeros(2, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    "dates": np.array(["2026-01-01", "NaT"], dtype="M8[D]"),
    "durations": np.array([1, 2], dtype="m8[ms]"),
    "text": np.array(["a", "é😀"]),
    "bytes": np.array([b"a", b"bc"]),
    "big-endian": np.arange(3, dtype=">i4"),
    "half": np.ones(3, "f2"),
    "complex": np.array([1 + 2j]),
}


@pytest.mark.parametrize("case", ARRAYS)
def test_arrays_come_back_without_pickle(through: Callable[..., Any], case: str) -> None:
    value = ARRAYS[case]
    encoding, back = through(value, forbid=True)
    assert encoding == "npy"
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    assert back.flags.f_contiguous == value.flags.f_contiguous or case == "strided"
    np.testing.assert_array_equal(back, value)


@pytest.mark.parametrize(
    "value",
    [
        np.array([1, "a", None], dtype=object),
        np.ma.masked_array([1, 2], [True, False]),
        np.rec.array([(1, 2.0)]),
        np.array(["a"], dtype="T"),
    ],
    ids=["objects", "masked", "record", "variable strings"],
)
def test_other_arrays_are_pickled(through: Callable[..., Any], value: Any) -> None:
    encoding, back = through(value)
    assert encoding == "pickle"
    assert type(back) is type(value)
    assert back.dtype == value.dtype
    assert back.tolist() == value.tolist()
