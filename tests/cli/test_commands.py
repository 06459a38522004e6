"""The commands as processes: results on standard output, talk on standard error, the exit status says how it went."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from nb2pipe.cli import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[str]]
    Write = Callable[..., str]

TWO_STEPS = (("parameters", "n = 2"), ("step:a", "x = n + 1"), ("step:b", "print('x is', x)"))


def test_help_names_every_command(nb2pipe: Run) -> None:
    """`nb2pipe --help` lists all commands and exits with 0."""
    done = nb2pipe("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(nb2pipe: Run, command: str) -> None:
    """`nb2pipe COMMAND --help` exits with 0."""
    done = nb2pipe(command, "--help")
    assert (done.returncode, done.stdout[:6]) == (0, "usage:")


def test_an_unknown_command_gets_the_nearest(nb2pipe: Run) -> None:
    """A misspelt command is a usage error with a suggestion."""
    done = nb2pipe("complie")
    assert done.returncode == 2
    assert "did you mean `compile`?" in done.stderr


def test_graph_prints_the_pipeline(nb2pipe: Run, notebook: Write) -> None:
    """`graph` prints text, Mermaid and JSON of the same pipeline."""
    book = notebook(*TWO_STEPS)
    assert nb2pipe("graph", book).stdout == (
        "pipeline book(n: int = 2)\n  a  [cell 2]  (; n)  -> x: Artifact\n  b  [cell 3]  (x)    -> ()\n"
    )
    assert 's0 -->|"x"| s1' in nb2pipe("graph", book, "--format", "mermaid").stdout
    assert json.loads(nb2pipe("graph", book, "--format", "json").stdout)["edges"] == [{"from": "a", "to": "b", "port": "x", "names": ["x"]}]


def test_compile_writes_one_file_and_says_so(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    """`compile -o` writes the package; nothing else appears beside it."""
    done = nb2pipe("compile", notebook(*TWO_STEPS), "-o", "out/p.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 steps → out/p.yaml" in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["book.ipynb", "out", "p.yaml"]


def test_the_same_notebook_gives_the_same_bytes(nb2pipe: Run, notebook: Write) -> None:
    """Neither the hash seed nor the time changes a byte."""
    book = notebook(*TWO_STEPS)
    outputs = {nb2pipe("compile", book, "-o", "-", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "77")}
    assert len(outputs) == 1
    assert outputs.pop().startswith("#")


def test_compile_does_not_write_when_there_are_errors(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    """An error in the notebook is printed with its place, and no file appears."""
    done = nb2pipe("compile", notebook(("step:a", "print(y)")), "-o", "p.yaml")
    assert done.returncode == 1
    assert "error[NB201]" in done.stderr
    assert "book.ipynb › cell 1 (step a), line 1, column 7" in done.stderr
    assert not (tmp_path / "p.yaml").exists()


def test_compiling_executes_nothing(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    """A notebook whose every cell would write a file leaves no file, whatever command looks at it."""
    write = "open('written-{}', 'w').close()"
    cells = [
        ("parameters", "n = 1\n" + write.format("parameters")),
        ("setup", "class A:\n    open('written-class', 'w').close()\n" + write.format("setup")),
        ("step:a", write.format("a") + "\n!touch written-shell\n%run other.ipynb"),
        ("step:b", "def f(x=open('written-default', 'w').close()):\n    pass\nf()\n" + write.format("b")),
        ("skip", write.format("skip")),
    ]
    book = notebook(*cells)
    for words in (
        ("check", book),
        ("analyze", book),
        ("graph", book),
        ("compile", book, "-o", "p.yaml"),
        ("compile", book, "--backend", "local", "-o", "p.json"),
    ):
        assert nb2pipe(*words).returncode in (0, 1)
    assert not list(tmp_path.glob("written-*"))


def test_analyze_keeps_its_contract(nb2pipe: Run, notebook: Write) -> None:
    """`analyze` prints index, reads, writes and mutates of every code cell."""
    book = notebook(("", "a = []"), ("", ""), ("", "a.append(1)\nb = a"))
    assert json.loads(nb2pipe("analyze", book, "--format", "json").stdout) == {
        "cells": [
            {"index": 0, "reads": [], "writes": ["a"], "mutates": []},
            {"index": 1, "reads": [], "writes": [], "mutates": []},
            {"index": 2, "reads": ["a"], "writes": ["b"], "mutates": ["a"]},
        ]
    }


def test_analyze_answers_line_by_line(nb2pipe: Run, notebook: Write) -> None:
    """With `--stdin` each path is answered by one line, and one that cannot be read does not end the rest."""
    book = notebook(("", "a = 1"))
    done = nb2pipe("analyze", "--stdin", stdin=f"{book}\nmissing.ipynb\n{book}\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["notebook"] for answer in answers] == [book, "missing.ipynb", book]
    assert ["error" in answer for answer in answers] == [False, True, False]
    assert all(answer["seconds"] >= 0 for answer in answers)


def test_explain_prints_a_page(nb2pipe: Run) -> None:
    """`explain` prints the page of a code in either case, and lists all codes without one."""
    assert "name-read-before-definition" in nb2pipe("explain", "nb201").stdout
    assert "NB901" in nb2pipe("explain").stdout
    assert nb2pipe("explain", "NB999").returncode == 2


def test_backends_prints_the_table(nb2pipe: Run) -> None:
    """`backends` shows what each backend can do."""
    table = json.loads(nb2pipe("backends", "--format", "json").stdout)
    assert table["kfp"]["condition"] == "yes"
    assert set(table) >= {"kfp", "local"}


def test_run_runs_with_parameters(nb2pipe: Run, notebook: Write) -> None:
    """`run -p` gives a parameter its value, and the step prints what the notebook would."""
    done = nb2pipe("run", notebook(*TWO_STEPS), "-p", "n=5", "--verbose")
    assert done.returncode == 0, done.stderr
    assert "cell 3 │ x is 6" in done.stderr


def test_run_quotes_the_failing_cell(nb2pipe: Run, notebook: Write) -> None:
    """A step that raises ends the run with 1 and its cell and line."""
    done = nb2pipe("run", notebook(("step:a", "x = 1\n1 / 0\nprint('still' + 'here')")))
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stdout
    assert "book.ipynb › cell 1 (step a), line 2" in done.stdout
    assert "stillhere" not in done.stdout + done.stderr


def test_run_says_which_parameter_is_unknown(nb2pipe: Run, notebook: Write) -> None:
    """An unknown parameter is a usage error that names the known ones."""
    done = nb2pipe("run", notebook(*TWO_STEPS), "-p", "m=5")
    assert done.returncode == 2
    assert "`m`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_verify_finds_what_differs(nb2pipe: Run, notebook: Write) -> None:
    """`verify` says equal for a pure notebook, and what depends on the process, with the finding that says so."""
    assert nb2pipe("verify", notebook(*TWO_STEPS)).stdout.startswith("equal: 2 steps; compared: what 2 cells display, 1 value that crosses")
    done = nb2pipe(
        "verify", notebook(("step:a", "__import__('math').extra = x = 1"), ("step:b", "import math\nprint(hasattr(math, 'extra'), x)"))
    )
    assert (done.returncode, done.stdout.split("\n")[:3]) == (
        1,
        [
            "step `b` (cell 2) differs",
            "  cell 2 prints: line 1: 'True 1' against 'False 1'",
            "    because of NB209 dynamic-names in cell 1: `__import__()` reads or binds names that are not written in the cell",
        ],
    )


def test_fix_writes_our_tags_for_kales(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    """`check --fix` rewrites Kale's tags; foreign tags and every other byte stay."""
    book = notebook(("imports", "import math"), ("block:a hide-input", "x = 1"), ("step:b prev:a limit:nvidia.com/gpu:2", "print(x)"))
    before = json.loads((tmp_path / book).read_text())
    assert "fixed the tags of 3 cells" in nb2pipe("check", "--fix", book).stderr
    after = json.loads((tmp_path / book).read_text())
    assert [cell["metadata"].pop("tags") for cell in after["cells"]] == [
        ["setup"],
        ["step:a", "hide-input"],
        ["step:b", "after:a", "gpu:2"],
    ]
    for cell in before["cells"]:
        cell["metadata"].pop("tags")
    assert after == before


def test_fix_pins_what_an_installer_printed_and_drops_idle_suppressions(nb2pipe: Run, tmp_path: Path) -> None:
    """`check --fix` changes the spans of the findings; escapes, outputs and the rest stay byte for byte."""
    text = (
        '{"cells": [\n {"cell_type": "code", "execution_count": 1, "metadata": {"tags": ["ignore:NB304", "mine"]},'
        ' "outputs": [{"name": "stdout", "output_type": "stream", "text": ["Successfully installed foo_bar-1.0 z-2.0\\n"]}],\n'
        '  "source": ["# caf\\u00e9 \\/ \\ud83d\\ude00\\n", "!pip install -q z   \'Foo.Bar[x]>=0.5\' other"], "zebra": 1.50}\n'
        '], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    )
    (tmp_path / "book.ipynb").write_bytes(text.encode())
    assert "fixed 3 findings in book.ipynb" in nb2pipe("check", "--fix", "book.ipynb").stderr
    expected = text.replace('"ignore:NB304", ', "").replace("-q z ", "-q z==2.0 ").replace("Foo.Bar[x]>=0.5", "Foo.Bar[x]==1.0")
    assert (tmp_path / "book.ipynb").read_bytes().decode() == expected
