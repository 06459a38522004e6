"""What a person sees of a run."""

from __future__ import annotations

import io
import json
import re

import pytest

from jupyter_mlops.submit.progress import LiveLines, PlainLines, choose_progress, duration
from jupyter_mlops.submit.report import report


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def outcome(run, pipelines):
    """Run a pipeline in which everything happens, with a listener."""

    def go(listener):
        s = pipelines.step
        plan = pipelines.plan(
            s("load", "print('\\x1b[31mred\\x1b[0m text'); out('x', 1); out('n', 3)", outputs=["x", "n: int"]),
            s("fit", "print('item', P['xs-item'])", foreach="xs", parameters=["xs"]),
            s("deploy", "", when="go", parameters=["go"]),
            s(
                "check",
                "print('error[NB804] gate-rejected: accuracy 0.6 < 0.9'); sys.exit(1)",
                inputs={"x": "load.x"},
                after=["fit"],
                retries=1,
            ),
            s("after", "", after=["check"]),
            parameters=[("xs", "list", [1, 2]), ("go", "bool", False)],
        )
        return run(plan, listener=listener, workers=1)

    return go


def test_plain_lines_say_when_steps_start_and_end(outcome):
    stream = io.StringIO()
    outcome(PlainLines(stream))
    lines = re.sub(r"[\d.]+ s", "T", stream.getvalue()).splitlines()
    assert [line.split(maxsplit=1) for line in lines[1:]] == [
        ["deploy", "skipped: `go` is false"],
        ["load", "started"],
        ["load", "succeeded after T"],
        ["fit[0]", "started"],
        ["fit[0]", "succeeded after T"],
        ["fit[1]", "started"],
        ["fit[1]", "succeeded after T"],
        ["check", "started"],
        ["check", "failed: it ended with status 1; next attempt in T"],
        ["check", "started (attempt 2)"],
        ["check", "failed after T: it ended with status 1"],
        ["after", "not run"],
    ]


def test_verbose_shows_every_line_behind_the_name_of_its_step_without_control_characters(outcome):
    stream = io.StringIO()
    outcome(PlainLines(stream, verbose=True))
    printed = [re.split(r"\s+\| ", line) for line in stream.getvalue().splitlines() if " | " in line]
    assert printed[:3] == [["load", "red text"], ["fit[0]", "item 1"], ["fit[1]", "item 2"]]


def test_live_lines_end_with_one_line_per_step(outcome, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    outcome(LiveLines(stream))
    last = re.sub(r"[\d.]+ s", "T", re.split(r"\x1b\[\d+F", stream.getvalue())[-1]).replace("\x1b[K", "").replace("\x1b[J", "")
    assert [re.sub(r" +", " ", line) for line in last.splitlines()] == [
        "✓ load T",
        "✓ fit T (2 done)",
        "– deploy skipped `go` is false",
        "✗ check T it ended with status 1",
        " after not run",
    ]
    assert max(len(line) for line in last.splitlines()) <= 60


def test_live_lines_are_for_terminals_only(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    kinds = [
        type(choose_progress(stream, verbose=verbose))
        for stream, verbose in [(Terminal(), False), (Terminal(), True), (io.StringIO(), False)]
    ]
    assert kinds == [LiveLines, PlainLines, PlainLines]
    monkeypatch.setenv("TERM", "dumb")
    assert type(choose_progress(Terminal())) is PlainLines


def test_the_report_tables_the_steps_and_quotes_the_failure(outcome):
    result = outcome(None)
    text = re.sub(r"[\d.]+ s", "T", report(result, relative_to=result.directory.parents[2]))
    assert [re.sub(r" +", " ", line) for line in text.splitlines()] == [
        "step state time outputs",
        "load succeeded T steps/load/outputs/x, n = 3",
        "fit[0] succeeded T",
        "fit[1] succeeded T",
        "deploy skipped",
        "check failed T",
        "after not run",
        "",
        "step `check` failed: it ended with status 1",
        " error[NB804] gate-rejected: accuracy 0.6 < 0.9",
        "",
        f"demo failed after T; logs and outputs: .nb2pipe/runs/{result.run}",
    ]


def test_the_result_as_data_is_json_with_relative_paths(outcome):
    result = outcome(None)
    data = json.loads(json.dumps(result.as_dict()))
    assert (data["schema"], data["state"], data["exit"]) == ("nb2pipe.run/1", "failed", 1)
    assert data["steps"][0]["artifacts"]["x"]["path"] == "steps/load/outputs/x"


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (187, "3:07"), (3723, "1:02:03")])
def test_durations_read_well(seconds, text):
    assert duration(seconds) == text
