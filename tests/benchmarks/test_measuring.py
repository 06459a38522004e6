"""The benchmark's own arithmetic, and that what it compiles are programs that run."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys

import pytest

from benchmarks.analysis import measure
from benchmarks.border import KINDS, METHODS, one_turn
from benchmarks.measure import Command, Goal, cpu_seconds, in_turns, ratio, that_run
from benchmarks.notebooks import analysed, for_kale, for_nb2pipe, for_sdk, large
from benchmarks.report import Section, as_json, as_text


def test_ratios_are_taken_within_a_round():
    """A machine that is ten times slower in the second round changes nothing."""
    seconds = {"a": [3.0, 30.0, 3.3], "b": [1.0, 10.0, 1.0]}
    assert ratio(seconds, Goal(name="a", against="b")).value == 3.0
    assert ratio(seconds, Goal(name="a", against="b", seconds=True)).value == pytest.approx(2.3)


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(name="a", against="b", most=2.0), True),
        (Goal(name="a", against="b", most=1.9), False),
        (Goal(name="a", against="b", least=2.0), True),
        (Goal(name="a", against="b", least=2.1), False),
        (Goal(name="a", against="b"), True),
    ],
)
def test_a_goal_is_met_or_missed(goal, met):
    assert ratio({"a": [2.0], "b": [1.0]}, goal).met is met


def test_a_command_that_fails_is_no_measurement(tmp_path):
    command = Command(name="broken", arguments=(sys.executable, "-c", "raise SystemExit('no such thing')"), folder=tmp_path)
    with pytest.raises(RuntimeError, match="no such thing"):
        cpu_seconds(command)


def test_each_command_gets_every_turn(tmp_path):
    code = "import pathlib; path = pathlib.Path('turns'); path.open('a').write('x')"
    command = Command(name="turn", arguments=(sys.executable, "-c", code), folder=tmp_path)
    assert len(in_turns([command], 2)["turn"]) == 2
    assert (tmp_path / "turns").read_text() == "xx"


def test_a_command_that_fails_is_set_aside_with_its_reason(tmp_path):
    good = Command(name="good", arguments=(sys.executable, "-c", "pass"), folder=tmp_path)
    broken = Command(name="broken", arguments=(sys.executable, "-c", "raise SystemExit('no such thing')"), folder=tmp_path)
    ready, failures = that_run([broken, good])
    assert ready == [good]
    assert failures == ["broken ended with status 1:\nno such thing\n"]
    assert Section(title="Title", seconds={}, failures=failures).met is False


def sources(text: str) -> list[str]:
    return [cell["source"] for cell in json.loads(text)["cells"]]


def test_both_notebooks_hold_the_same_code_and_it_runs():
    assert sources(for_nb2pipe(5)) == sources(for_kale(5))
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for source in sources(for_nb2pipe(5)):
            exec(source, names)
    assert sorted(ast.literal_eval(printed.getvalue().splitlines()[-1])) == ["mean", "mean_1", "mean_2", "mean_3", "mean_4"]


def test_the_program_for_the_sdk_is_python():
    compile(for_sdk(5), "sdk.py", "exec")
    assert for_sdk(5).count("@dsl.component") == 5


def test_the_report_says_which_goal_is_missed():
    measured = ratio({"a": [2.0], "b": [1.0]}, Goal(name="a", against="b", most=1.0))
    section = Section(title="Title", seconds={"a": [2.0], "b": [1.0]}, ratios=[measured])
    assert "| a | b | 2.00 | at most 1 | **missed** |" in as_text([section])
    assert json.loads(as_json([section]))["sections"][0]["ratios"][0]["met"] is False


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_megabyte_crosses_the_border_and_is_the_same(kind, method):
    assert sorted(one_turn(kind, method, 1)) == ["cpu", "wall"]


def test_the_large_notebook_has_as_many_cells_as_asked_and_all_are_python():
    cells = sources(large(120))
    assert len(cells) == 120
    for source in cells:
        ast.parse(source)
    (found,) = analysed({"large.ipynb": large(120)})
    assert found["cells"] == cells


@pytest.mark.parametrize("what", ["nb2pipe", "editing"])
def test_analysing_measures_each_phase(what, tmp_path):
    path = tmp_path / "notebooks.json"
    path.write_text(json.dumps(analysed({"large.ipynb": large(70)})))
    taken: dict[str, list[float]] = {}
    measure(what, path, taken)
    measure(what, path, taken)
    assert {len(values) for values in taken.values()} == {2}
    assert all(value > 0 for values in taken.values() for value in values)
