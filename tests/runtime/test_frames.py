"""Frames come back with every dtype, label and attribute, or are left to the sealed pickle."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def with_attributes() -> pd.DataFrame:
    made = frame(a=[1])
    made.attrs = {"source": "sensor", "n": 3}
    return made


FRAMES: dict[str, Callable[[], Any]] = {
    "numbers": lambda: frame(a=[1, 2], b=[0.5, float("nan")], c=[True, False]),
    "small types": lambda: frame(a=np.array([1], "i1"), b=np.array([1], "f4"), c=np.array([1], "u8")),
    "text": lambda: frame(a=["x", "é", None]),
    "text objects": lambda: frame(a=pd.Series(["x", "y"], dtype=object)),
    "nullable": lambda: frame(
        a=pd.array([1, None], dtype="Int64"), b=pd.array([True, None], dtype="boolean"), c=pd.array(["x", None], "string")
    ),
    "categories": lambda: frame(a=pd.Categorical(["b", "a", None], categories=["c", "b", "a"], ordered=True)),
    "times": lambda: frame(
        a=pd.to_datetime(["2026-01-01", None]).tz_localize("Europe/Paris"),
        b=pd.to_timedelta([1, 2], unit="s"),
        c=pd.period_range("2026", periods=2, freq="M"),
    ),
    "seconds": lambda: frame(a=np.array(["2026-01-01"], "M8[s]")),
    "index": lambda: pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="key")),
    "frequency": lambda: pd.DataFrame({"a": range(3)}, index=pd.date_range("2026-01-01", periods=3, freq="h", tz="UTC")),
    "range": lambda: pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(10, 14, 2)),
    "multi-index": lambda: pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None])),
    "multi-columns": lambda: pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("x", "a"), ("y", "b")])),
    "numbered columns": lambda: pd.DataFrame(np.ones((2, 3))),
    "named numbered columns": lambda: pd.DataFrame(np.ones((2, 3))).rename_axis(columns="n"),
    "integer columns": lambda: pd.DataFrame([[1, 2]], columns=[7, 5]),
    "attributes": with_attributes,
    "empty": lambda: frame(a=np.array([], "f8")),
    "no columns": lambda: pd.DataFrame(index=[1, 2]),
    "intervals": lambda: frame(a=pd.interval_range(0, 2)),
    "series": lambda: pd.Series([1.5, 2.5], name="s", index=[3, 4]),
    "unnamed series": lambda: pd.Series(["x"]),
    "numbered series": lambda: pd.Series([1], name=0),
    "plain index": lambda: pd.Index([1, 5], name="i"),
    "dates index": lambda: pd.date_range("2026-01-01", periods=3, freq="D"),
    "multi-index alone": lambda: pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", "n"]),
}
PICKLED_FRAMES: dict[str, Callable[[], Any]] = {
    "objects": lambda: frame(a=[1, "x", None]),
    "lists": lambda: frame(a=[[1], [2]]),
    "text and None": lambda: frame(a=pd.Series(["x", None], dtype=object)),
    "twins": lambda: pd.DataFrame([[1, 2]], columns=["a", "a"]),
    "mixed columns": lambda: pd.DataFrame([[1, 2]], columns=["a", 1]),
    "sparse": lambda: frame(a=pd.arrays.SparseArray([0, 0, 1])),
    "tuple name": lambda: pd.Series([1], name=("a", 1)),
    "attributes with a tuple": lambda: frame(a=[1]).pipe(lambda made: made.attrs.update(t=(1,)) or made),
}


def assert_same_pandas(one: Any, other: Any) -> None:
    """Compare with everything pandas can compare, and with the pickle of the same object's parts."""
    assert type(one) is type(other)
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_freq=True, check_column_type="exact", check_index_type="exact")
        assert one.attrs == other.attrs
        assert type(one.columns) is type(other.columns)
        assert_same_pandas(one.index, other.index)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True, check_freq=True, check_index_type="exact")
        assert one.name == other.name
    else:
        pd.testing.assert_index_equal(one, other, exact=True)
        assert getattr(one, "freq", None) == getattr(other, "freq", None)


@pytest.mark.parametrize("case", FRAMES)
def test_frames_come_back_exactly_without_pickle(through: Callable[..., Any], case: str) -> None:
    value = FRAMES[case]()
    encoding, back = through(value, forbid=True)
    assert encoding.startswith("arrow-")
    assert_same_pandas(value, back)


@pytest.mark.parametrize("case", PICKLED_FRAMES)
def test_frames_that_arrow_would_change_are_pickled(through: Callable[..., Any], case: str) -> None:
    value = PICKLED_FRAMES[case]()
    encoding, back = through(value)
    assert encoding == "pickle"
    assert_same_pandas(value, back)


def test_a_loaded_frame_can_be_changed_in_place(through: Callable[..., Any]) -> None:
    _, back = through(frame(a=[1.0, 2.0], b=[1, 2], c=["x", "y"]))
    back.loc[0, "a"] = 5.0
    back["b"] += 1
    back.loc[1, "c"] = "z"
    assert back.to_numpy().tolist() == [[5.0, 2, "x"], [2.0, 3, "z"]]


def test_polars_frames_and_series_come_back(through: Callable[..., Any]) -> None:
    import polars as pl

    value = pl.DataFrame(
        {
            "a": [1, None],
            "b": ["x", "y"],
            "c": [[1], [2, 3]],
            "d": [dt.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))] * 2,
        },
        schema_overrides={"b": pl.Enum(["x", "y"])},
    )
    encoding, back = through(value, forbid=True)
    assert encoding == "polars-frame"
    assert back.schema == value.schema
    assert back.equals(value)
    encoding, series = through(value["a"], forbid=True)
    assert encoding == "polars-series"
    assert series.equals(value["a"])
    assert series.name == "a"
    assert through(pl.DataFrame({"o": [object]}, schema={"o": pl.Object}).lazy().collect().select(pl.lit(1)))[0] == "polars-frame"


def test_arrow_tables_come_back_with_their_metadata(through: Callable[..., Any]) -> None:
    import pyarrow as pa

    value = pa.table({"a": pa.array([1, None]), "b": pa.array(["x", "y"]).dictionary_encode()}).replace_schema_metadata({"k": "v"})
    encoding, back = through(value, forbid=True)
    assert encoding == "arrow"
    assert back.equals(value, check_metadata=True)
