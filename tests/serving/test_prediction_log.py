"""The prediction log: which requests are kept, what is never kept, what a failure costs, and files that merge while others read them."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from jupyter_mlops.serving.server.core import Answer
from jupyter_mlops.serving.server.prediction_log import Logging, PredictionLogs, in_sample

pytest.importorskip("pyarrow")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    return tmp_path / "monitoring" / "predictions"


def _answer(rows=1, **inputs):
    return Answer("", {"x": np.arange(float(rows)), **inputs}, {"y": np.arange(float(rows))}, "serving_default")


def _ids():
    from jupyter_mlops.serving.predictions import read_predictions

    return read_predictions("churn", ["prediction_id"]).column(0).to_pylist()


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_the_sample_has_its_share_of_requests(rate):
    kept = sum(in_sample(f"request {number}", rate) for number in range(20_000))
    assert abs(kept / 20_000 - rate) <= 4 * (rate * (1 - rate) / 20_000) ** 0.5


def test_a_log_keeps_whole_requests_of_its_sample_and_counts_none_as_dropped(folder):
    log = PredictionLogs(folder, Logging(rate=0.25))
    for number in range(400):
        log.add("churn", 1, f"r{number}", 100.0, _answer(rows=2))
    log.close()
    expected = [f"r{number}/{row}" for number in range(400) if in_sample(f"r{number}", 0.25) for row in (0, 1)]
    assert _ids() == expected
    assert log.dropped == 0


def test_an_excluded_column_is_in_no_byte_of_the_log(folder):
    log = PredictionLogs(folder, Logging(exclude=frozenset({"email", "echo"})))
    text = np.array([b"someone@example.org"], object)
    log.add(
        "churn", 1, "r", 100.0, Answer("", {"x": np.array([1.0]), "email": text}, {"y": np.array([1.0]), "echo": text}, "serving_default")
    )
    log.close()
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix == ".parquet"]
    assert len(files) == 1
    assert b"someone" not in files[0].read_bytes()
    assert b"email" not in files[0].read_bytes()


def test_a_failed_write_counts_its_rows_and_the_log_goes_on(folder, capsys):
    log = PredictionLogs(folder)
    folder.mkdir(parents=True)
    (folder / "churn").write_text("a file where the folder should be")
    log.add("churn", 1, "lost", 100.0, _answer(rows=3))
    log.add("other", 1, "kept", 100.0, _answer())
    log.flush()
    assert log.dropped == 3
    assert "3 rows of the prediction log are lost" in capsys.readouterr().err
    assert len(list((folder / "other").glob("*.parquet"))) == 1
    (folder / "churn").unlink()
    log.add("churn", 1, "again", 100.0, _answer())
    log.close()
    assert _ids() == ["again/0"]


def test_a_log_that_is_full_drops_whole_requests_and_counts_rows(folder):
    log = PredictionLogs(folder, Logging(max_rows=4))
    log.close()  # nobody writes any more: what is added stays in memory
    log.add("churn", 1, "a", 100.0, _answer(rows=3))
    log.add("churn", 1, "b", 100.0, _answer(rows=2))
    assert log.dropped == 2


def _write(folder, count, *, version=1, start=0):
    log = PredictionLogs(folder, Logging(flush_seconds=600))
    log._merge = lambda: None
    for number in range(start, start + count):
        log.add("churn", version, f"r{number}", 100.0, _answer(rows=2))
        log.flush()
    log.close()
    return [f"r{number}/{row}" for number in range(start, start + count) for row in (0, 1)]


def test_many_small_files_become_few_and_no_row_is_lost_or_doubled(folder):
    from jupyter_mlops.serving.server.log_merging import FAN, merge_files

    rows = _write(folder, 70, version=1) + _write(folder, 20, version=2, start=70)
    gone = merge_files(folder / "churn")
    left = list((folder / "churn").glob("*.parquet"))
    assert sorted(_ids()) == sorted(rows)
    assert gone >= 80
    assert len(left) <= 2 * 2 * (FAN - 1)


def test_a_merge_that_was_killed_before_the_small_files_went_shows_each_row_once(folder):
    from jupyter_mlops.serving.server import log_merging

    rows = _write(folder, log_merging.FAN)
    log_merging._merge(folder / "churn", log_merging._due(folder / "churn"))
    assert len(list((folder / "churn").glob("*.parquet"))) == log_merging.FAN + 1
    assert sorted(_ids()) == sorted(rows)
    assert log_merging.merge_files(folder / "churn") == log_merging.FAN
    assert sorted(_ids()) == sorted(rows)


def test_readers_see_each_row_once_while_files_are_written_and_merged(folder):
    from jupyter_mlops.serving.server.log_merging import merge_files

    written, wrong, done = _write(folder, 8), [], threading.Event()

    def read():
        while not done.is_set():
            before = set(written)
            found = _ids()
            if len(set(found)) < len(found) or not before <= set(found):
                wrong.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    for start in range(8, 72, 8):
        written += _write(folder, 8, start=start)
        merge_files(folder / "churn")
    done.set()
    reader.join()
    assert wrong == []
    assert sorted(_ids()) == sorted(written)


def test_a_running_log_merges_by_itself(folder):
    log = PredictionLogs(folder, Logging(flush_seconds=0.001))
    number = 0
    while not list((folder / "churn").glob("*-merged-*.parquet")):
        log.add("churn", 1, f"r{number}", 100.0, _answer())
        number += 1
        assert number < 100_000
    log.close()
    found = _ids()
    assert len(set(found)) == len(found) == number - log.dropped  # more than there is room for is dropped, and counted
