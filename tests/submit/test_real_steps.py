"""Notebooks compiled by the compiler, run with the real step runtime."""

from __future__ import annotations

import json
import textwrap

import pytest

from nb2pipe.api import check_source, compile_pipeline


@pytest.fixture
def compiled():
    """The local plan of a notebook in percent format."""

    def make(text):
        checked = check_source(textwrap.dedent(text), "demo.py", backend=None)
        assert checked.pipeline is not None, checked.diagnostics
        return json.loads(compile_pipeline(checked.pipeline, backend="local").files[0].text)

    return make


@pytest.fixture
def printed():
    """The last line in the log of a step, without the number of its cell."""
    return lambda result, label: next(
        step.log.read_text().rstrip("\n").split("\n")[-1].partition("│ ")[2] for step in result.steps if step.label == label
    )


def test_a_notebook_runs_step_by_step(run, compiled, printed):
    plan = compiled("""
        # %% tags=["parameters"]
        size = 3
        # %% tags=["step:load"]
        rows = list(range(size))
        # %% tags=["step:use"]
        print(sum(rows))
    """)
    result = run(plan, parameters={"size": 4})
    assert (result.exit, printed(result, "use")) == (0, "6")
    assert [step.state.value for step in run(plan, parameters={"size": 4}).steps] == ["cached", "cached"]


def test_a_failing_cell_is_quoted_with_its_place(run, compiled):
    result = run(
        compiled("""
        # %% tags=["step:load"]
        rows = [1, 0]
        # %% tags=["step:use"]
        first = rows[0]
        ratio = first / rows[1]
    """)
    )
    (failed,) = result.failed
    assert result.exit == 1
    assert failed.headline.split("\n")[:3] == [
        "error[NB803] step-raised: ZeroDivisionError: division by zero at demo.py \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} cell 2 (step use), line 2",
        '  File "demo.py \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} cell 2 (step use)", line 2, in <module>',
        "    ratio = first / rows[1]",
    ]


def test_swapped_bytes_are_refused_by_the_real_runtime(run, compiled):
    plan = compiled("""
        # %% tags=["step:load"]
        rows = [1]
        # %% tags=["step:swap", "after:load", "cache:off"]
        import glob, os
        for path in glob.glob('.nb2pipe/runs/*/steps/load/outputs/rows/*'):
            os.chmod(path, 0o644)
            with open(path, 'r+b') as file:
                file.write(b'7')
        # %% tags=["step:use", "after:swap"]
        print(rows)
    """)
    result = run(plan)
    assert [(step.label, step.headline.split(":")[0]) for step in result.failed] == [("use", "error[NB802] encoding-mismatch")]


def test_hostile_text_arrives_as_it_is(run, compiled, printed):
    text = "{{$}} {~{ {{workflow.name}} $(HOME) $$ 'a\"\n\t\\ \U0001f600 é"
    plan = compiled("""
        # %% tags=["parameters"]
        text = ""
        items = ["{{a}}"]
        # %% tags=["step:one"]
        copy = text
        # %% tags=["step:two"]
        print(ascii([copy, text, items]))
    """)
    assert printed(run(plan, parameters={"text": text, "items": [text]}), "two") == ascii([text, text, [text]])
    assert printed(run(plan), "two") == ascii(["", "", ["{{a}}"]])


def test_a_fan_out_over_a_list_that_a_step_makes_is_gathered(run, compiled, printed):
    plan = compiled("""
        # %% tags=["step:grid"]
        my_depths = [1, 2, 3]
        # %% tags=["step:fit", "foreach:my_depths"]
        scores = {}
        for depth in my_depths:
            scores[depth] = depth ** 2
        # %% tags=["step:best"]
        print(scores)
    """)
    result = run(plan)
    assert [step.label for step in result.steps] == ["grid", "fit[0]", "fit[1]", "fit[2]", "best"]
    assert (result.exit, printed(result, "best")) == (0, "{1: 1, 2: 4, 3: 9}")


def test_a_false_flag_skips_and_an_exit_handler_hears_of_a_failure(run, compiled, states, printed):
    plan = compiled("""
        # %% tags=["step:judge"]
        good = 1 > 2
        # %% tags=["step:deploy", "when:good"]
        url = "x"
        # %% tags=["step:fail", "after:judge"]
        raise ValueError("no")
        # %% tags=["step:bye", "on-exit"]
        import os
        print(os.environ["NB2PIPE_RUN_STATE"], os.environ["NB2PIPE_RUN_ERROR"])
    """)
    result = run(plan)
    assert (result.exit, states(result)) == (1, {"judge": "succeeded", "deploy": "skipped", "fail": "failed", "bye": "succeeded"})
    assert printed(result, "bye") == "FAILED step `fail` failed: it ended with status 1"


def test_what_a_step_prints_of_its_secret_is_masked(run, compiled, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "correct horse")
    events = []
    plan = compiled("""
        # %% tags=["step:load", "secret:database:password:DB_PASSWORD"]
        import os, subprocess
        print(os.environ["DB_PASSWORD"])
        subprocess.run(["printenv", "DB_PASSWORD"])
        raise ValueError("no " + os.environ["DB_PASSWORD"])
    """)
    (failed,) = run(plan, listener=events.append).failed
    log = failed.log.read_text()
    assert log.count("***") >= 3
    assert "ValueError: no ***" in failed.headline
    assert "correct horse" not in log + failed.headline + repr(events)
