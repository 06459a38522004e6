"""Files here: their digest, their pin, their frames."""

import hashlib

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import jupyter_mlops as ml
from jupyter_mlops.data import digest_of
from jupyter_mlops.provenance.origins import ORIGIN

FRAME = pd.DataFrame({"age": [31, 42, 53], "town": ["Bern", "Oslo", None]})


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FRAME.to_parquet("people.parquet")
    return tmp_path / "people.parquet"


def test_the_digest_of_one_file_is_that_of_its_bytes(table):
    assert ml.dataset("people.parquet").digest == "sha256:" + hashlib.sha256(table.read_bytes()).hexdigest()


def test_a_frame_says_what_it_was_read_from(table):
    data = ml.dataset(table)
    frame = data.frame()
    pd.testing.assert_frame_equal(frame, FRAME, check_dtype=False)
    assert frame.attrs[ORIGIN] == {"name": "people.parquet", "uri": "people.parquet", "digest": data.digest, "version": ""}


def test_a_pin_refuses_changed_data(table):
    pinned = ml.dataset(table).digest
    assert ml.dataset(table, digest=pinned).digest == pinned
    FRAME.head(2).to_parquet(table)
    with pytest.raises(
        ValueError, match=rf"^the data of `people.parquet` has changed: its digest is sha256:\w+, and {pinned} was expected$"
    ):
        ml.dataset(table, digest=pinned)


def test_a_file_that_changes_after_it_was_named_is_not_read(table):
    data = ml.dataset(table)
    changed = bytearray(table.read_bytes())
    changed[20] ^= 1
    table.write_bytes(changed)
    with pytest.raises(ValueError, match=r"has changed since it was named"):
        data.frame()


def test_a_folder_has_one_digest_whatever_the_order_on_disk(tmp_path):
    for order in (("a", "b"), ("b", "a")):
        folder = tmp_path / "".join(order)
        folder.mkdir()
        for name in order:
            pq.write_table(pa.table({"x": [ord(name)]}), folder / f"{name}.parquet")
        (folder / "_SUCCESS").touch()
    first, second = ml.dataset(tmp_path / "ab"), ml.dataset(tmp_path / "ba")
    assert first.digest == second.digest
    assert list(first.frame().x) == [97, 98]
    assert ml.dataset(tmp_path / "ab" / "*.parquet").digest == first.digest


def test_renaming_a_file_of_a_folder_changes_its_digest(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"x\n{name}\n")
    before = ml.dataset(tmp_path / "*.csv").digest
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")
    assert ml.dataset(tmp_path / "*.csv").digest != before


def test_folders_named_for_values_are_a_column(tmp_path):
    for year in (2025, 2026):
        (tmp_path / f"year={year}").mkdir()
        pq.write_table(pa.table({"x": [1]}), tmp_path / f"year={year}" / "part.parquet")
    assert sorted(ml.dataset(tmp_path).frame()["year"]) == [2025, 2026]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.tsv", "t.jsonl", "t.feather", "t.parquet"])
def test_formats_read_the_same(tmp_path, name):
    path, frame = tmp_path / name, FRAME.fillna("?")
    if name.endswith("jsonl"):
        frame.to_json(path, orient="records", lines=True)
    elif name.endswith(("parquet", "feather")):
        getattr(frame, f"to_{name[2:]}")(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if name == "t.tsv" else ",")
    data = ml.dataset(path)
    assert data.frame().to_dict("list") == frame.to_dict("list")
    assert data.frame(["town"]).columns.tolist() == ["town"]
    assert data.arrow().to_pydict() == frame.to_dict("list")
    assert [len(part) for part in data.frame(chunks=2)] == [2, 1]


def test_text_and_page(table):
    data = ml.dataset(table)
    assert data.text().splitlines()[0].startswith("people.parquet: 3 rows, 2 columns, 1 file, ")
    assert str(table.parent) not in data.text() + data.html()
    assert data.digest in data.html()


def test_what_is_no_table_is_a_data_set_without_columns(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"\0\1")
    data = ml.dataset(tmp_path / "model.bin")
    assert data.path().read_bytes() == b"\0\1"
    assert data.text().startswith("model.bin: 1 file, 2 bytes, unknown format")
    with pytest.raises(ValueError, match=r"`model.bin` is of no one known format"):
        data.frame()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"uri": ""}, ValueError, "^the address is empty"),
        ({"uri": "nothing.csv"}, FileNotFoundError, "^there is no data at `nothing.csv`$"),
        ({"uri": "people.parquet", "digest": "md5:0"}, ValueError, "is not `sha256:` and 64"),
        ({"uri": "people.parquet", "version": "3"}, ValueError, "^a local file has no `version=3`"),
        ({"uri": "people.parquet", "format": "xls"}, ValueError, "^`format=xls` is not one of"),
    ],
)
def test_what_cannot_be_is_refused(table, arguments, error, message):
    with pytest.raises(error, match=message):
        ml.dataset(**arguments)


def test_a_missing_column_is_named(table):
    with pytest.raises(ValueError, match=r"^`people.parquet` has no column `agee`; it has `age`, `town`$"):
        ml.dataset(table).frame(["agee"])


def test_equal_frames_have_equal_digests_and_others_not():
    assert digest_of(FRAME) == digest_of(FRAME.copy())
    others = [FRAME.iloc[::-1], FRAME.rename(columns={"age": "years"}), FRAME.astype({"age": "float"}), FRAME.head(2), FRAME.head(0)]
    assert len({digest_of(FRAME), *map(digest_of, others)}) == 6


def test_gcs_without_its_package_says_what_to_install():
    from jupyter_mlops.errors import EnvironmentProblem

    with pytest.raises(EnvironmentProblem, match=r"(?s)^reading `gs://` needs `gcsfs`, which is not installed.*pip install gcsfs"):
        ml.dataset("gs://bucket/x.parquet")
