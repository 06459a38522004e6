"""A monitor reads the log in windows, judges each once, goes on where it stopped, and says what it could not compare."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from serving_log import write_log

import jupyter_mlops as ml
from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.monitoring.sketch import profile

T0 = 1_700_000_040.0  # a whole minute
ROWS = 300


def inputs(seed: int, shift: float = 0.0, rows: int = ROWS) -> dict:
    random = np.random.default_rng(seed)
    return {"a": random.normal(shift, 1, rows), "b": random.normal(0, 1, rows), "c": random.choice(["x", "y", "z"], rows)}


def served(home, minute: int, *, seed: int, shift: float = 0.0, rows: int = ROWS, version: int = 1, wrong: float = 0.1):
    """Answers of one minute, and their true labels: the model says 1 where `a` > 0, and is wrong for a share of rows."""
    data = inputs(seed, shift, rows)
    said = (data["a"] > 0).astype("int64")
    truth = np.where(np.random.default_rng(seed + 1000).random(rows) < wrong, 1 - said, said)
    sure = np.stack([np.where(said == 0, 0.9, 0.1), np.where(said == 1, 0.9, 0.1)], axis=1)
    columns = {f"input.{name}": values for name, values in data.items()} | {"output.label": said, "output.probabilities": sure}
    ids = write_log(home, "churn", T0 + minute * 60, columns, version=version)
    return pa.table({"prediction_id": ids, "label": truth})


@pytest.fixture
def reference(home):
    home.mkdir()
    return str(profile(pa.table(inputs(0, rows=2000))).save(home / "reference.json"))


def watched(reference, **more):
    return ml.monitor("churn", reference=reference, every="1m", **more)


def test_nothing_served_is_nothing_judged(reference):
    report = watched(reference).run(T0)
    assert report.text().startswith("Nothing of churn has been judged yet")
    assert "nothing yet" in report.html()


def test_a_drifted_column_is_found_and_the_others_are_not(home, reference):
    for minute in range(4):
        served(home, minute, seed=minute + 1, shift=0.8 if minute >= 2 else 0.0)
    view = watched(reference).run(T0 + 600).view()
    assert [(each["name"], each["drifted"], each["since"]) for each in view["columns"] if any(each["drifted"])] == [
        ("a", [False, False, True, True], view["windows"][2]["start"])
    ]
    assert view["prediction"]["drifted"] == [False, False, True, True]


def test_a_window_is_judged_once_and_a_later_run_goes_on(home, reference):
    served(home, 0, seed=1)
    watched(reference).run(T0 + 66)
    first = watched(reference).history.windows()
    served(home, 1, seed=2)
    watched(reference).run(T0 + 600)
    again = watched(reference).history.windows()
    assert [window.start for window in again] == [T0, T0 + 60]
    assert again[0] == first[0]


def test_a_window_waits_until_its_last_rows_are_written(home, reference):
    served(home, 0, seed=1)
    assert watched(reference).run(T0 + 64).history.windows() == ()
    assert len(watched(reference).run(T0 + 65).history.windows()) == 1


def test_hours_without_requests_are_passed_over(home, reference):
    served(home, 0, seed=1)
    served(home, 5000, seed=2)
    assert [window.start for window in watched(reference).run(T0 + 5100 * 60).history.windows()] == [T0, T0 + 5000 * 60]


def test_labels_give_accuracy_and_may_come_late(home, reference):
    labels = served(home, 0, seed=1, wrong=0.2)
    given = []
    monitor = watched(reference, labels=lambda: given[0] if given else None)
    assert monitor.run(T0 + 100).windows()[0].metrics == {}
    given.append(labels)
    (window,) = monitor.run(T0 + 200).windows()
    assert window.labelled == ROWS
    reading = window.metrics["accuracy"]
    assert reading.low < 0.8 < reading.high
    assert monitor.windows(T0 + 150)[0].labelled == 0  # what was known then


def test_labels_of_answers_after_the_last_window_wait_for_theirs(home, reference):
    first, second = served(home, 0, seed=1), served(home, 1, seed=2)
    monitor = watched(reference, labels=pa.concat_tables([first, second])).run(T0 + 66)
    assert [window.labelled for window in monitor.windows(T0 + 66)] == [ROWS]
    assert [window.labelled for window in monitor.run(T0 + 200).windows()] == [ROWS, ROWS]


def test_an_alarm_stands_in_the_window_where_errors_rose(home, reference):
    parts = [served(home, minute, seed=minute + 1, wrong=0.5 if minute >= 4 else 0.02) for minute in range(8)]
    labels = pa.concat_tables(parts)
    alarms = [window.alarms for window in watched(reference, labels=labels).run(T0 + 3600).windows()]
    assert not any("ADWIN" in names for names in alarms[:4])
    assert "ADWIN" in {name for names in alarms[4:6] for name in names}


def test_errors_that_fall_are_no_alarm(home, reference):
    parts = [served(home, minute, seed=minute + 1, wrong=0.02 if minute >= 4 else 0.5) for minute in range(8)]
    windows = watched(reference, labels=pa.concat_tables(parts)).run(T0 + 3600).windows()
    assert {name for window in windows for name in window.alarms} & {"ADWIN", "Page-Hinkley"} == set()


def test_confidence_estimates_accuracy_without_labels(home, reference):
    served(home, 0, seed=1)
    (window,) = watched(reference).run(T0 + 100).windows()
    assert window.estimates["accuracy"].value == pytest.approx(0.9)


def test_a_small_window_is_counted_and_not_judged(home, reference):
    served(home, 0, seed=1, rows=1)
    (window,) = watched(reference).run(T0 + 100).view()["windows"]
    assert (window["rows"], window["note"]) == (1, "1 rows, 50 are needed to judge")


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda columns: columns.pop("input.b"), "`b`: the current data does not have it"),
        (
            lambda columns: columns.update({"input.b": ["text"] * ROWS}),
            "`b`: it was `double` and is `string`; one value only, several in the reference",
        ),
        (lambda columns: columns.update({"input.b": [float("nan")] * ROWS}), "`b`: missing values went from 0.0% to 100.0%"),
        (
            lambda columns: columns.update({"input.b": [float("inf"), *columns["input.b"][1:]]}),
            "`b`: 1 infinite values, none in the reference",
        ),
        (lambda columns: columns.update({"input.c": ["new", *columns["input.c"][1:]]}), "`c`: new category `new` in 1 rows"),
    ],
)
def test_what_cannot_be_compared_is_said(home, reference, change, note):
    columns = {f"input.{name}": values for name, values in inputs(1).items()} | {"output.label": np.zeros(ROWS, "int64")}
    change(columns)
    write_log(home, "churn", T0, columns)
    assert watched(reference).run(T0 + 100).view()["notes"] == [note]


def test_a_constant_column_is_a_drift(home, reference):
    columns = {f"input.{name}": values for name, values in inputs(1).items()} | {"output.label": np.zeros(ROWS, "int64")}
    columns["input.b"] = np.full(ROWS, 0.5)
    write_log(home, "churn", T0, columns)
    assert watched(reference).run(T0 + 100).view()["drifting"] == ["b"]


def test_an_excluded_column_is_not_read(home, reference):
    served(home, 0, seed=1)
    assert watched(reference, exclude=["b"]).run(T0 + 100).view()["notes"] == ["`b`: the current data does not have it"]


def test_without_a_reference_the_first_window_is_it(home):
    for minute in range(3):
        served(home, minute, seed=minute + 1, shift=0.8 if minute == 2 else 0.0)
    view = ml.monitor("churn", every="1m").run(T0 + 600).view()
    assert view["reference"] == "the first window"
    assert view["drifting"] == ["a"]


def test_a_matrix_input_takes_the_names_of_the_reference(home):
    random = np.random.default_rng(0)
    reference = profile(pa.table({"p": random.normal(0, 1, 500), "q": random.normal(0, 1, 500)}))
    columns = {"input.x": np.stack([random.normal(0, 1, ROWS), random.normal(2, 1, ROWS)], axis=1), "output.label": np.zeros(ROWS, "int64")}
    write_log(home, "churn", T0, columns)
    assert ml.monitor("churn", reference=reference, every="1m").run(T0 + 100).view()["drifting"] == ["q"]


def test_a_reference_that_is_not_there_is_named(home):
    served(home, 0, seed=1)
    with pytest.raises(EnvironmentProblem, match=r"the reference `none.json` is not there"):
        ml.monitor("churn", reference="none.json", every="1m").run(T0 + 100)


def test_a_broken_log_file_is_named(home, reference):
    served(home, 0, seed=1)
    (file,) = (home / "monitoring" / "predictions" / "churn").glob("*.parquet")
    file.write_bytes(b"PAR1 no more")
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        watched(reference).run(T0 + 100)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"every": "soon"}, "`soon` is no duration"),
        ({"every": 0.1}, "`every` is 0.1; expected windows of at least a second"),
        ({"sample": 0}, "`sample` is 0; expected a share"),
        ({"minimum_rows": 0}, "expected `minimum_rows` of at least 1"),
    ],
)
def test_wrong_arguments_are_named(home, arguments, message):
    with pytest.raises(ValueError, match=message):
        ml.monitor("churn", **arguments)


def test_a_monitor_is_of_a_model(home):
    with pytest.raises(TypeError, match="`model` is a `int`"):
        ml.monitor(3)


def test_a_report_of_many_columns_and_windows_stays_small(home, reference):
    random = np.random.default_rng(5)
    for minute in range(60):
        write_log(
            home,
            "wide",
            T0 + minute * 60,
            {f"input.x{place}": random.normal(0, 1, 60) for place in range(40)} | {"output.label": np.zeros(60, "int64")},
        )
    assert len(ml.monitor("wide", every="1m").run(T0 + 3700).html()) < 100_000


def test_another_process_goes_on_with_the_same_monitor(home, reference, python_path):
    import os
    import subprocess
    import sys

    served(home, 0, seed=1)
    watched(reference).run(T0 + 100)
    served(home, 1, seed=2, shift=0.8)
    command = [sys.executable, "-m", "jupyter_mlops.feedback", "churn", "--once", "--now", str(T0 + 200)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": python_path}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "churn: 1 of 3 columns drift" in done.stdout
    assert len(watched(reference).history.windows()) == 2


def test_a_model_that_nobody_monitors_is_named(home, capsys):
    from jupyter_mlops.feedback.__main__ import main

    assert main(["churn", "--once"]) == 2
    assert "nobody has monitored `churn` yet" in capsys.readouterr().err
