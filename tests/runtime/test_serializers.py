"""Every serializer gives back what it was given, or leaves the object to the sealed pickle."""

from __future__ import annotations

import datetime
import json
import math
import pickle
import warnings
import zoneinfo
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.runtime import artifacts, spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def through(folder: Path, value: Any, *, encoding: str | None = None, forbid: bool = False) -> tuple[str, Any]:
    """Save a value and load it again; give the encoding too."""
    port: Any = {"port": "p", "names": ["x"]} | ({"encoding": encoding} if encoding else {})
    path = str(folder / "p")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as the runtime does
        metadata = artifacts.save({"x": value}, path, port, forbid)
        back = artifacts.load(path, metadata, "p")["x"]
    return json.loads(metadata["nb2pipe_encoding"])["x"], back


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
    lambda inner: st.lists(inner)
    | st.dictionaries(st.text(alphabet="!ab") | st.integers() | st.tuples(st.integers(), st.text()), inner)
    | st.tuples(inner, inner)
    | st.frozensets(st.integers() | st.text())
    | st.sets(st.binary()),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_values_come_back_exactly(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    encoding, back = through(tmp_path_factory.mktemp("plain"), value)
    assert encoding in ("json", "text", "bytes")
    assert exactly(value, back)


@pytest.mark.parametrize(
    "value",
    [float("inf"), -0.0, 10**400, "\ud800", "\ud83d\ude00", "😀", {"!tuple": 1}, {"": {}}, [[]], {"a": {1: (2, {3})}}, np.float64(0.1), np.bool_(1)],
    ids=repr,
)
def test_edges_of_json_come_back_exactly(tmp_path: Path, value: Any) -> None:
    encoding, back = through(tmp_path, value, forbid=True)
    assert encoding in ("json", "text")
    assert exactly(value, back)


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f8", "i1", "u8", "c8", "b1", "m8[s]", "M8[ns]", "M8[D]"])
def test_numpy_scalars_in_a_dict_keep_their_type(tmp_path: Path, dtype: str) -> None:
    value = {"a": np.ones(1, dtype)[0]}
    encoding, back = through(tmp_path, value)
    assert encoding == "json"
    assert type(back["a"]) is type(value["a"])
    assert back["a"] == value["a"]
    assert back["a"].dtype == value["a"].dtype


def test_a_value_that_holds_one_list_twice_is_not_made_json(tmp_path: Path) -> None:
    part: list[int] = []
    encoding, back = through(tmp_path, {"a": part, "b": part})
    assert encoding == "pickle"
    assert back["a"] is back["b"]
    cycle: list[Any] = []
    cycle.append(cycle)
    encoding, back = through(tmp_path, cycle)
    assert encoding == "pickle"
    assert back[0] is back


def test_what_json_cannot_keep_is_pickled(tmp_path: Path) -> None:
    for value in (10**5000, {"a": datetime.date(2026, 1, 1)}, [np.array([1])]):
        assert through(tmp_path, value)[0] == "pickle"


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
def test_arrays_come_back_without_pickle(tmp_path: Path, case: str) -> None:
    value = ARRAYS[case]
    encoding, back = through(tmp_path, value, forbid=True)
    assert encoding == "npy"
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    assert back.flags.f_contiguous == value.flags.f_contiguous or case == "strided"
    np.testing.assert_array_equal(back, value)


@pytest.mark.parametrize(
    "value",
    [np.array([1, "a", None], dtype=object), np.ma.masked_array([1, 2], [True, False]), np.rec.array([(1, 2.0)]), np.array(["a"], dtype="T")],
    ids=["objects", "masked", "record", "variable strings"],
)
def test_other_arrays_are_pickled(tmp_path: Path, value: Any) -> None:
    encoding, back = through(tmp_path, value)
    assert encoding == "pickle"
    assert type(back) is type(value)
    assert back.dtype == value.dtype
    assert back.tolist() == value.tolist()


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
    "nullable": lambda: frame(a=pd.array([1, None], dtype="Int64"), b=pd.array([True, None], dtype="boolean"), c=pd.array(["x", None], "string")),
    "categories": lambda: frame(a=pd.Categorical(["b", "a", None], categories=["c", "b", "a"], ordered=True)),
    "times": lambda: frame(
        a=pd.to_datetime(["2026-01-01", None]).tz_localize("Europe/Paris"), b=pd.to_timedelta([1, 2], unit="s"), c=pd.period_range("2026", periods=2, freq="M")
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
def test_frames_come_back_exactly_without_pickle(tmp_path: Path, case: str) -> None:
    value = FRAMES[case]()
    encoding, back = through(tmp_path, value, forbid=True)
    assert encoding.startswith("arrow-")
    assert_same_pandas(value, back)


@pytest.mark.parametrize("case", PICKLED_FRAMES)
def test_frames_that_arrow_would_change_are_pickled(tmp_path: Path, case: str) -> None:
    value = PICKLED_FRAMES[case]()
    encoding, back = through(tmp_path, value)
    assert encoding == "pickle"
    assert_same_pandas(value, back)


def test_a_loaded_frame_can_be_changed_in_place(tmp_path: Path) -> None:
    _, back = through(tmp_path, frame(a=[1.0, 2.0], b=[1, 2], c=["x", "y"]))
    back.loc[0, "a"] = 5.0
    back["b"] += 1
    back.loc[1, "c"] = "z"
    back.to_numpy()
    assert back.values.tolist() == [[5.0, 2, "x"], [2.0, 3, "z"]]


def test_polars_frames_and_series_come_back(tmp_path: Path) -> None:
    import polars as pl

    value = pl.DataFrame(
        {"a": [1, None], "b": ["x", "y"], "c": [[1], [2, 3]], "d": [datetime.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))] * 2},
        schema_overrides={"b": pl.Enum(["x", "y"])},
    )
    encoding, back = through(tmp_path, value, forbid=True)
    assert encoding == "polars-frame"
    assert back.schema == value.schema
    assert back.equals(value)
    encoding, series = through(tmp_path, value["a"], forbid=True)
    assert encoding == "polars-series"
    assert series.equals(value["a"])
    assert series.name == "a"
    assert through(tmp_path, pl.DataFrame({"o": [object]}, schema={"o": pl.Object}).lazy().collect().select(pl.lit(1)))[0] == "polars-frame"


def test_arrow_tables_come_back_with_their_metadata(tmp_path: Path) -> None:
    import pyarrow as pa

    value = pa.table({"a": pa.array([1, None]), "b": pa.array(["x", "y"]).dictionary_encode()}).replace_schema_metadata({"k": "v"})
    encoding, back = through(tmp_path, value, forbid=True)
    assert encoding == "arrow"
    assert back.equals(value, check_metadata=True)


def test_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    for value in ({"b", "a", "c"}, frame(a=[1.5]), np.arange(3)):
        port: Any = {"port": "p", "names": ["x"]}
        digests = {artifacts.save({"x": value}, str(tmp_path / name), port, False)["nb2pipe_digest"] for name in "ab"}
        assert len(digests) == 1


def test_a_forced_encoding_is_used_or_refused(tmp_path: Path) -> None:
    assert through(tmp_path, [1], encoding="pickle") == ("pickle", [1])
    with pytest.raises(spec.Failure, match=r"NB401.*`x` \(builtins.list\) cannot be stored as `npy`"):
        through(tmp_path, [1], encoding="npy")


def test_forbidden_pickle_is_refused_with_type_and_name(tmp_path: Path) -> None:
    with pytest.raises(spec.Failure, match=r"NB401.*`x` \(datetime.date\) can only be pickled"):
        through(tmp_path, datetime.date(2026, 1, 1), forbid=True)


@pytest.mark.parametrize("value", [lambda: 1, (i for i in ()), open(__file__, "rb"), [lambda: 1]], ids=["lambda", "generator", "file", "nested"])  # noqa: SIM115
def test_what_cannot_be_pickled_is_nb401_with_the_reason(tmp_path: Path, value: Any) -> None:
    with pytest.raises(spec.Failure, match=r"error\[NB401\] unserializable-value: `x` \([\w.]+\) cannot be pickled: .*"):
        through(tmp_path, value)


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("it was unpickled",))


def test_swapped_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    port: Any = {"port": "p", "names": ["x"]}
    metadata = artifacts.save({"x": datetime.date(2026, 1, 1)}, str(tmp_path / "p"), port, False)
    (tmp_path / "p" / "x.pickle").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(spec.Failure, match="NB802.*digest differs"):
        artifacts.load(str(tmp_path / "p"), metadata, "p")


def test_an_added_or_renamed_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    first = artifacts.digest(str(tmp_path))
    (tmp_path / "a").rename(tmp_path / "b")
    second = artifacts.digest(str(tmp_path))
    (tmp_path / "c").write_text("")
    assert len({first, second, artifacts.digest(str(tmp_path))}) == 3


def test_a_pickle_without_a_digest_is_refused_and_data_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.pickle").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(spec.Failure, match="NB802.*pickle without a digest"):
        artifacts.load(str(tmp_path), {"nb2pipe_encoding": '{"x": "pickle"}'}, "p")
    (tmp_path / "x.json").write_text("[1]")
    assert artifacts.load(str(tmp_path), {"nb2pipe_encoding": '{"x": "json"}'}, "p") == {"x": [1]}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [({}, "does not say how it is encoded"), ({"nb2pipe_encoding": '{"x": "parquet9"}'}, "`parquet9`, which cannot be read here")],
)
def test_foreign_artifacts_are_refused(tmp_path: Path, metadata: dict[str, str], message: str) -> None:
    with pytest.raises(spec.Failure, match=f"NB802.*{message}"):
        artifacts.load(str(tmp_path), metadata, "p")


def test_an_absent_input_is_nb801(tmp_path: Path) -> None:
    with pytest.raises(spec.Failure, match="NB801"):
        artifacts.load(str(tmp_path / "none"), {}, "p")


def both(folder: Path, **values: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Send several names through one port."""
    metadata = artifacts.save(values, str(folder / "p"), {"port": "p", "names": list(values)}, False)
    return json.loads(metadata["nb2pipe_encoding"]), artifacts.load(str(folder / "p"), metadata, "p")


def test_two_names_of_one_object_are_stored_once(tmp_path: Path) -> None:
    value = [1, 2]
    encodings, back = both(tmp_path, a=value, b=value)
    assert encodings == {"a": "json", "b": "=a"}
    assert back["a"] is back["b"]


def test_objects_that_share_a_part_keep_it_shared(tmp_path: Path) -> None:
    part = [1]
    encodings, back = both(tmp_path, a={"part": part}, b=[part], c=np.ones(2), d={"part": [1]})
    assert encodings == {"a": "joint", "b": "joint", "c": "npy", "d": "json"}
    back["a"]["part"].append(2)
    assert back["b"] == [[1, 2]]
    encodings, back = both(tmp_path, part=part, whole={"in": (part,)})
    assert back["whole"]["in"][0] is back["part"]


def test_values_that_share_only_fixed_parts_are_stored_apart(tmp_path: Path) -> None:
    text, index = "long text " * 9, pd.Index([1, 2])
    encodings, _ = both(tmp_path, a=[text, (1, 2)], b={"t": text}, c=frame(x=np.ones(2)).set_index(index), d=frame(y=np.ones(2)).set_index(index), e=np.ones(2))
    assert encodings == {"a": "json", "b": "json", "c": "arrow-frame", "d": "arrow-frame", "e": "npy"}


def test_an_array_in_two_dicts_is_one_array(tmp_path: Path) -> None:
    array = np.zeros(3)
    _, back = both(tmp_path, a={"w": array}, b={"w": array}, c=array)
    back["a"]["w"][0] = 7
    assert (back["b"]["w"][0], back["c"][0]) == (7, 7)


def test_a_second_attempt_replaces_what_the_first_left(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "old").write_text("x")
    (tmp_path / "p.partial").mkdir()
    (tmp_path / "p.partial" / "half").write_text("x")
    assert through(tmp_path, 1) == ("json", 1)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["p", "x.json"]
