"""The editor's view of a notebook is what reading the whole of it again would give."""

from __future__ import annotations

import json

import pytest

from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.api import open_notebook
from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend import read_text
from nb2pipe.frontend.lint import lint
from nb2pipe.source import CellId

PATH = "edited.ipynb"


def text_of(cells: dict[str, str]) -> str:
    """A notebook file with code cells."""
    written = [
        {"cell_type": "code", "id": identity, "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for identity, source in cells.items()
    ]
    return json.dumps({"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


EDITS = [
    ("load", "x = [1]"),
    ("use", "y = x + x"),
    ("use", "y = x + ("),  # no longer Python
    ("use", "!echo {folder}"),  # reads no name yet
    ("load", "x = [1]\nfolder = 'a'"),  # now it does
    ("load", "x = [1]"),
    ("use", "open('data.csv')\nprint(eval('x'))"),
]


def test_after_each_edit_all_is_as_if_the_file_were_read_again() -> None:
    cells = {"load": "x = []", "use": "print(x)", "last": "z = x"}
    editor = open_notebook(text_of(cells), PATH)
    for identity, source in EDITS:
        cells[identity] = source
        editor.edit(CellId(identity), source)
        whole = read_text(text_of(cells), PATH).value
        assert whole is not None
        assert editor.notebook == whole
        assert cell_summaries(editor.notebook) == cell_summaries(whole)
        assert [list(editor.facts(cell.id).reads) for cell in whole.cells] == [each["reads"] for each in cell_summaries(whole)]
        assert editor.findings() == tuple(lint(whole))


def test_an_edit_answers_with_the_cells_whose_facts_it_changes() -> None:
    editor = open_notebook(text_of({"load": "x = []", "use": "print(y)", "last": "z = x"}), PATH)
    found = editor.edit(CellId("load"), "x = []\ny = x")
    assert {cell: (facts.reads, facts.writes) for cell, facts in found.facts.items()} == {"load": ((), ("x", "y")), "use": (("y",), ())}
    assert [(each.name, each.producers) for each in editor.facts(CellId("use")).uses] == [("y", ("load",))]


def test_a_text_that_is_not_python_is_reported_where_it_stands() -> None:
    editor = open_notebook(text_of({"load": "x = []"}), PATH)
    found = editor.edit(CellId("load"), "x = [")
    assert [(each.code, each.span.cell if each.span else None) for each in found.diagnostics] == [("NB003", "load")]


def test_cells_come_go_and_move() -> None:
    editor = open_notebook(text_of({"a": "x = 1", "b": "print(x)"}), PATH)
    assert list(editor.insert(CellId("c"), "x = 2", 1).facts) == ["c", "b"]
    assert editor.facts(CellId("b")).uses[0].producers == ("c",)
    assert list(editor.move(CellId("c"), 0).facts) == ["b"]
    assert [cell.id for cell in editor.notebook.cells] == ["c", "a", "b"]
    assert list(editor.remove(CellId("a")).facts) == ["b"]
    assert editor.facts(CellId("b")).uses[0].producers == ("c",)


def test_what_is_no_notebook_cannot_be_opened() -> None:
    with pytest.raises(Nb2PipeError, match="cannot open"):
        open_notebook("{", PATH)
