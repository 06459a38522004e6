"""Artifacts: encodings, digests, and what is refused."""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_mlops.runtime import artifacts, spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_same_value_gives_the_same_bytes(tmp_path: Path) -> None:
    for value in ({"b", "a", "c"}, pd.DataFrame({"a": [1.5]}), np.arange(3)):
        port: Any = {"port": "p", "names": ["x"]}
        digests = {artifacts.save({"x": value}, str(tmp_path / name), port, False)["nb2pipe_digest"] for name in "ab"}
        assert len(digests) == 1


def test_a_forced_encoding_is_used_or_refused(through: Callable[..., Any]) -> None:
    assert through([1], encoding="pickle") == ("pickle", [1])
    with pytest.raises(spec.Failure, match=r"NB401.*`x` \(builtins.list\) cannot be stored as `npy`"):
        through([1], encoding="npy")


def test_forbidden_pickle_is_refused_with_type_and_name(through: Callable[..., Any]) -> None:
    with pytest.raises(spec.Failure, match=r"NB401.*`x` \(datetime.date\) can only be pickled"):
        through(dt.date(2026, 1, 1), forbid=True)


@pytest.mark.parametrize("value", [lambda: 1, (i for i in ()), sys.stdout, [lambda: 1]], ids=["lambda", "generator", "file", "nested"])
def test_what_cannot_be_pickled_is_nb401_with_the_reason(through: Callable[..., Any], value: Any) -> None:
    with pytest.raises(spec.Failure, match=r"error\[NB401\] unserializable-value: `x` \([\w.]+\) cannot be pickled: .*"):
        through(value)


class Evil:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("it was unpickled",))


def test_swapped_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    port: Any = {"port": "p", "names": ["x"]}
    metadata = artifacts.save({"x": dt.date(2026, 1, 1)}, str(tmp_path / "p"), port, False)
    (tmp_path / "p" / "x.pickle").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(spec.Failure, match=r"NB802.*digest differs"):
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
    with pytest.raises(spec.Failure, match=r"NB802.*is a pickle without a digest"):
        artifacts.load(str(tmp_path), {"nb2pipe_encoding": '{"x": "pickle"}'}, "p")
    for encoding in ("joint", "keras", "skops", "torch", "savedmodel"):
        with pytest.raises(spec.Failure, match=f"NB802.*is a {encoding} without a digest: reading it could run code"):
            artifacts.load(str(tmp_path), {"nb2pipe_encoding": f'{{"x": "{encoding}"}}'}, "p")
    (tmp_path / "x.json").write_text("[1]")
    assert artifacts.load(str(tmp_path), {"nb2pipe_encoding": '{"x": "json"}'}, "p") == {"x": [1]}


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({}, "does not say how it is encoded"),
        ({"nb2pipe_encoding": '{"x": "parquet9"}'}, "nothing in this step reads or writes the encoding `parquet9`"),
    ],
)
def test_foreign_artifacts_are_refused(tmp_path: Path, metadata: dict[str, str], message: str) -> None:
    with pytest.raises(spec.Failure, match=f"NB802.*{message}"):
        artifacts.load(str(tmp_path), metadata, "p")


def test_an_absent_input_is_nb801(tmp_path: Path) -> None:
    with pytest.raises(spec.Failure, match="NB801"):
        artifacts.load(str(tmp_path / "none"), {}, "p")


def test_a_second_attempt_replaces_what_the_first_left(through: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "old").write_text("x")
    (tmp_path / "p.partial").mkdir()
    (tmp_path / "p.partial" / "half").write_text("x")
    assert through(1) == ("json", 1)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["p", "x.json"]
