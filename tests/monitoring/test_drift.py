"""`ml.drift` finds what drifts and only that, says since when and where, and has a verdict for each kind of bad data."""

import json
import sys

import numpy
import pandas
import pyarrow
import pytest

import jupyter_mlops as ml
from jupyter_mlops.report import Verdict


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))


def frame(n, seed=0, shift=0.0, more=1.0):
    random = numpy.random.default_rng(seed)
    columns = {f"n{index}": random.normal(size=n) + (shift if index < 8 else 0) for index in range(40)}
    for index, many in enumerate((2, 3, 4, 5, 8, 12, 20, 50, 100, 200)):
        weight = numpy.ones(many)
        if index in {3, 6}:
            weight[: max(1, many // 4)] *= more
        columns[f"c{index}"] = random.choice(many, size=n, p=weight / weight.sum()).astype(str)
    return pyarrow.table(columns)


TRUE = {*(f"n{index}" for index in range(8)), "c3", "c6"}


def test_exactly_the_ten_columns_that_drift_are_found_in_100_000_rows():
    report = ml.drift(frame(100_000), frame(100_000, 1, 0.15, 1.3))
    assert set(report.drifted) == TRUE
    assert report.verdict is Verdict.FAIL


@pytest.mark.slow
@pytest.mark.parametrize("n", [200, 1000, 20_000])
def test_fifty_identical_columns_hardly_ever_alarm(n):
    reports = 20 if n < 20_000 else 5
    assert sum(bool(ml.drift(frame(n, 2 * seed), frame(n, 2 * seed + 1)).drifted) for seed in range(reports)) <= 1


def test_one_outlier_of_a_million_changes_no_verdict_and_hardly_the_psi():
    a, b = frame(20_000), frame(20_000, 1, 0.3)
    plain = ml.drift(a, b)
    columns = b.to_pydict()
    columns["n0"][0] = columns["n20"][0] = 1e6
    spoiled = ml.drift(a, pyarrow.table(columns))
    assert spoiled.drifted == plain.drifted
    assert spoiled.metrics["psi.n0"] == pytest.approx(plain.metrics["psi.n0"], rel=0.01)
    assert spoiled.metrics["jensen_shannon.n0"] == pytest.approx(plain.metrics["jensen_shannon.n0"], rel=0.01)


def test_a_profile_stands_for_the_training_data():
    report = ml.drift(ml.profile(frame(50_000)), frame(50_000, 1, 0.3, 2.0))
    assert set(report.drifted) == TRUE


def test_it_says_since_when_and_in_which_slice():
    random = numpy.random.default_rng(0)
    n = 24_000
    before = pyarrow.table({"x": random.normal(size=n), "y": random.normal(size=n), "land": random.choice(["de", "fr"], n)})
    moment = numpy.sort(random.integers(0, 1_200_000, n))
    land = random.choice(["de", "fr"], n)
    x = random.normal(size=n) + (moment >= 600_000)
    y = random.normal(size=n) + 0.5 * (land == "fr")
    now = pyarrow.table({"x": x, "y": y, "land": land, "at": pyarrow.array(moment, pyarrow.timestamp("s"))})
    report = ml.drift(before, now, time="at", slices=["land"])
    assert report.since["x"]["since"].startswith("1970-01-07 22") or report.since["x"]["since"].startswith("1970-01-07 23")
    assert {one["slice"] for one in report.slices if one["column"] == "y"} == {"land = fr"}
    assert any(one["column"] == "x" and one["segment"].startswith(">") for one in report.refresh)


def test_performance_is_estimated_without_labels():
    random = numpy.random.default_rng(0)
    sure, unsure = random.beta(0.3, 0.3, 20_000), random.beta(5, 5, 20_000)
    told = ml.drift(pyarrow.table({"score": sure}), pyarrow.table({"score": unsure}), predictions="score").performance
    truth = numpy.maximum(unsure, 1 - unsure).mean()
    assert told["accuracy"][1][1] <= truth <= told["accuracy"][1][2]
    assert told["entropy"][1][0] > told["entropy"][0][0]
    assert "calibrated" in told["assumption"]


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        ([1.0, 2.0] * 200, [None] * 400, "drift"),
        ([None] * 400, [None] * 400, "not tested"),
        ([1.0] * 400, ["a"] * 400, "type changed"),
        ([1.0] * 400, [1.0] * 400, "steady"),
        ([1.0, 2.0] * 200, [1.0] * 400, "drift"),
        (["a"] * 400, ["b"] * 400, "drift"),
        (["a"] * 400, ["a"] * 400, "steady"),
        ([1.0, 2.0] * 200, [1.0, float("inf")] * 200, "drift"),
        ([1.0, 2.0] * 200, [1.5], "cannot tell"),
        ([[1]] * 400, [[2]] * 400, "not tested"),
    ],
)
def test_bad_data_gets_a_clear_verdict(before, now, status):
    columns = [pyarrow.array(side, pyarrow.float64() if all(one is None for one in side) else None) for side in (before, now)]
    report = ml.drift(*(pyarrow.table({"x": column}) for column in columns))
    assert report.columns[0].status.value == status
    assert report.columns[0].reason


def test_a_missing_column_alarms_and_a_new_one_is_named():
    report = ml.drift(pandas.DataFrame({"a": [1.0] * 99, "b": [1.0] * 99}), pandas.DataFrame({"a": [1.0] * 99, "c": [1.0] * 99}))
    assert {one.column: one.status.value for one in report.columns} == {"b": "missing column", "a": "steady", "c": "new column"}


def test_a_new_category_is_named_even_where_it_is_rare():
    before, now = ["a", "b"] * 5000, ["a", "b"] * 5000 + ["c"]
    report = ml.drift(pandas.DataFrame({"x": before}), pandas.DataFrame({"x": now}))
    assert report.columns[0].new_categories == (("c", 1),)
    assert report.verdict is Verdict.PASS


def test_no_rows_is_inconclusive():
    report = ml.drift(frame(500), frame(500).slice(0, 0))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "cannot tell" in report.text().splitlines()[0]


def test_the_report_is_small_stable_and_needs_no_script():
    made = [ml.drift(frame(5000), frame(5000, 1, 0.3, 2.0)) for _ in range(2)]
    assert made[0].view() == made[1].view()
    assert len(json.dumps(made[0].view())) <= 100_000
    page = made[0].html()
    assert len(page.encode()) <= 100_000
    assert "<script" not in page
    assert "n0" in page
    assert made[0].text().startswith("drift in 10 of 50 columns")


@pytest.mark.parametrize("method", ["mmd", "classifier"])
def test_columns_that_only_move_together_are_found_together(method):
    random = numpy.random.default_rng(0)
    a, b = random.normal(size=(2000, 2)), random.normal(size=(2000, 2))
    b[:, 1] = numpy.where(random.random(2000) < 0.9, b[:, 0], b[:, 1])
    report = ml.drift(*(pyarrow.table({"x": side[:, 0], "y": side[:, 1]}) for side in (a, b)), multivariate=method)
    assert not report.drifted
    if method == "mmd":
        assert report.multivariate["p"] < 0.02


def test_parquet_is_read_without_pandas(tmp_path):
    import subprocess

    import pyarrow.parquet

    pyarrow.parquet.write_table(frame(1000), tmp_path / "a.parquet")
    code = "import sys, jupyter_mlops as ml; ml.drift(sys.argv[1], sys.argv[1]); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.parquet")], check=True)
