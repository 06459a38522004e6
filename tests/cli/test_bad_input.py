"""Bad input: each kind gets its diagnostic and an exit status of 1 or 2, and never a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[str]]
    Write = Callable[..., str]

JULIA = {"kernelspec": {"name": "julia-1.10", "language": "julia", "display_name": "Julia"}, "language_info": {"name": "julia"}}

NBFORMAT_2 = (
    b'{"metadata": {"name": "x"}, "nbformat": 2, "worksheets": [{"cells": ['
    b'{"cell_type": "code", "input": "print(y)", "language": "python", "outputs": []}]}]}'
)

FILES = {
    "not a notebook": (b"hello", "NB001"),
    "truncated": (b'{"cells": [{"cell_type": "code", "sou', "NB001"),
    "binary": (bytes(range(256)), "NB001"),
    "nothing": (b"", "NB001"),
    "JSON of something else": (b'{"a": 1}', "NB001"),
    "too deep": (b"[" * 100_000, "NB001"),
    "a future format": (b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}', "NB002"),
    "nbformat 2": (NBFORMAT_2, "NB201"),
}


@pytest.mark.parametrize("command", ["check", "graph", "compile", "run"])
@pytest.mark.parametrize("kind", FILES)
def test_files(nb2pipe: Run, tmp_path: Path, kind: str, command: str) -> None:
    """A file that is no notebook we can use is named with its code."""
    content, code = FILES[kind]
    (tmp_path / "bad.ipynb").write_bytes(content)
    done = nb2pipe(command, "bad.ipynb")
    assert done.returncode in (1, 2)
    assert code in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


CELLS = {
    "does not parse": ([("step:a", "x = (1")], "NB003"),
    "conflicting tags": ([("step:a step:b", "x = 1")], "NB102"),
    "two values of one setting": ([("step:a image:x image:y", "x = 1")], "NB102"),
    "a cycle": ([("step:a after:b", "x = 1"), ("step:b after:a", "y = 1")], "NB202"),
    "an undefined name": ([("step:a", "print(x)")], "NB201"),
}


@pytest.mark.parametrize("kind", CELLS)
def test_cells(nb2pipe: Run, notebook: Write, kind: str) -> None:
    """A mistake in a cell is reported at that cell."""
    cells, code = CELLS[kind]
    done = nb2pipe("check", notebook(*cells), "--format", "json")
    found = [finding for file in json.loads(done.stdout)["files"] for finding in file["diagnostics"] if finding["code"] == code]
    assert done.returncode == 1
    assert found
    assert "Traceback" not in done.stderr


def test_another_language(nb2pipe: Run, notebook: Write) -> None:
    """A Julia notebook is refused by name."""
    done = nb2pipe("compile", notebook(("step:a", "x = 1"), **JULIA))
    assert done.returncode == 1
    assert "NB004" in done.stderr


def test_one_broken_cell_does_not_hide_the_rest(nb2pipe: Run, notebook: Write) -> None:
    """Cells around one that does not parse are still checked."""
    done = nb2pipe("check", notebook(("step:a", "x = ("), ("step:b", "print(missing)")))
    assert "NB003" in done.stdout
    assert "`missing`" in done.stdout


def test_an_empty_notebook(nb2pipe: Run, notebook: Write) -> None:
    """A notebook without cells compiles to nothing, and that is said."""
    done = nb2pipe("compile", notebook())
    assert done.returncode in (1, 2)
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_large_notebook(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    """50 MB of stored outputs are read past."""
    book = notebook(("step:a", "x = 1"))
    document = json.loads((tmp_path / book).read_text())
    document["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]
    (tmp_path / book).write_text(json.dumps(document))
    done = nb2pipe("graph", book)
    assert done.returncode == 0, done.stderr
    assert "[cell 1]" in done.stdout


def test_a_missing_file_and_a_folder(nb2pipe: Run, tmp_path: Path) -> None:
    """What cannot be read is one sentence and exit status 2."""
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("missing.ipynb", "folder.ipynb"):
        done = nb2pipe("check", name)
        assert done.returncode == 2
        assert done.stderr.startswith("error: cannot read")
