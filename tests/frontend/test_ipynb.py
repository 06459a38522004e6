"""Files in Jupyter's format, good and bad."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from nb2pipe.diagnostics.model import FILE, Severity
from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend import read, read_text
from nb2pipe.ir.notebook import CellKind
from nb2pipe.source import Pos

BAD = {
    "empty file": ("", "the file is empty", None),
    "blank file": (" \n\n", "the file is empty", None),
    "no JSON": ("hello", "it is not JSON", Pos(1, 0)),
    "truncated in an object": ('{"cells": [{"cell_type": "code"', "the file ends in the middle", Pos(1, 31)),
    "truncated in a text": ('{"cells": [\n{"source": "x = 1', "the file ends in the middle", Pos(2, 11)),
    "broken in the middle": ('{"cells": [}, "nbformat": 4}', "its JSON is broken here", Pos(1, 11)),
    "merge conflict": ('{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> b\n}', "unresolved merge conflict", Pos(2, 0)),
    "not an object": ("[1, 2]", "the file is a list, not an object", None),
    "not a notebook": ('{"a": 1}', "it is JSON, but has no `cells`", None),
    "cells is no list": ('{"nbformat": 4, "cells": {}}', "`cells` is an object, not a list", None),
    "cell is no object": ('{"nbformat": 4, "cells": [1]}', "cell 1 is a number, not an object", None),
    "no cell type": ('{"nbformat": 4, "cells": [{}]}', "the `cell_type` of cell 1 is None", None),
    "strange cell type": ('{"nbformat": 4, "cells": [{"cell_type": ["code"]}]}', "the `cell_type` of cell 1", None),
    "source is a number": ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "the source of cell 1 is a number", None),
    "source of numbers": ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [7]}]}', "the source of cell 1 is a list", None),
    "metadata is a text": ('{"nbformat": 4, "metadata": "x", "cells": []}', "`metadata` is text", None),
    "cell metadata is null": ('{"cells": [{"cell_type": "code", "metadata": null}]}', "the metadata of cell 1 is null", None),
    "tags are no list": ('{"cells": [{"cell_type": "code", "metadata": {"tags": "a"}}]}', "the tags of cell 1", None),
    "tag is a number": ('{"cells": [{"cell_type": "code", "metadata": {"tags": [1]}}]}', "the tags of cell 1", None),
    "settings are no object": ('{"cells": [{"cell_type": "code", "metadata": {"nb2pipe": 1}}]}', "the `nb2pipe` metadata of cell 1", None),
    "format is a text": ('{"nbformat": "4", "cells": []}', "`nbformat` is text", None),
    "too deep": ("[" * 100_000, "it is nested too deeply", None),
    "too deep in a cell": ('{"nbformat": 4, "cells": ' + "[" * 100_000, "it is nested too deeply", None),
    "number too long": ('{"nbformat": ' + "4" * 5000 + "}", "exceeds the limit", None),
    "worksheets of nothing": ('{"nbformat": 3, "worksheets": 1}', "`worksheets` is a number", None),
    "format 3 with broken cells": ('{"nbformat": 3, "worksheets": [{"cells": [7]}]}', "format 3 cannot be upgraded", None),
}


@pytest.mark.parametrize(("text", "reason", "place"), BAD.values(), ids=BAD)
def test_bad_file_gives_one_finding_with_its_place_and_no_notebook(text, reason, place) -> None:
    result = read_text(text, "bad.ipynb")
    assert result.value is None
    (finding,) = result.diagnostics
    assert finding.code == "NB001"
    assert finding.severity is Severity.ERROR
    assert reason in finding.message
    if place is not None:
        assert finding.span is not None
        assert (finding.span.cell, finding.span.start) == (FILE, place)


def test_binary_file_names_the_byte() -> None:
    (finding,) = read_text(b'{\n"a": \x89PNG\r\n\x1a\n', "bad.ipynb").diagnostics
    assert finding.code == "NB001"
    assert "0x89" in finding.message
    assert finding.span.start == Pos(2, 5)


@pytest.mark.parametrize("version", [0, 1, 5, 99])
def test_formats_that_nothing_reads(version, write_notebook) -> None:
    document = json.loads(write_notebook()) | {"nbformat": version}
    result = read_text(json.dumps(document), "nb.ipynb")
    assert (result.value, [finding.code for finding in result.diagnostics]) == (None, ["NB002"])


@pytest.mark.parametrize("version", [2, 3])
def test_older_formats_are_upgraded(version) -> None:
    cells = [
        {"cell_type": "code", "collapsed": False, "input": "x = 1\n%time y = 2", "language": "python", "metadata": {}, "outputs": []},
        {"cell_type": "markdown", "source": ["text"], "metadata": {}},
    ]
    document = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    result = read_text(json.dumps(document), "old.ipynb")
    assert result.diagnostics == ()
    assert [(cell.kind, cell.source) for cell in result.value.cells] == [
        (CellKind.CODE, "x = 1\n%time y = 2"),
        (CellKind.MARKDOWN, "text"),
    ]


def test_old_format_without_nbformat_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['nbformat'] = None\n"
        "from nb2pipe.frontend import read_text\n"
        "from nb2pipe.errors import Nb2PipeError\n"
        "try: read_text('{\"nbformat\": 3, \"worksheets\": []}', 'a.ipynb')\n"
        "except Nb2PipeError as error: print(error, '|', error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "this notebook has format 3, which only `nbformat` can read | pip install nbformat\n"


def test_reading_format_4_loads_nothing_heavy(python_path: str) -> None:
    program = (
        "import sys\nfrom nb2pipe.frontend import read_text\n"
        'read_text(\'{"cells": [{"cell_type": "code", "source": "%time x = 1"}]}\', "a.ipynb")\n'
        "print([name for name in ('nbformat', 'textwrap', 'IPython', 'string', 'difflib', 'pathlib') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": python_path}
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"language": "julia"}},
        {"language_info": {"name": "R"}},
        {"kernelspec": {"language": "python"}, "language_info": {"name": "sagemath"}},
    ],
)
def test_kernel_of_another_language_is_refused(metadata, write_notebook) -> None:
    result = read_text(write_notebook({"source": "x <- 1"}, **metadata), "nb.ipynb")
    assert (result.value, [finding.code for finding in result.diagnostics]) == (None, ["NB004"])


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"language": "python"}},
        {"kernelspec": 3},
        {"language_info": {"name": "ipython", "version": "3.12.1"}},
        {"kernelspec": {"language": "Python3"}},
    ],
)
def test_python_and_unknown_kernels_are_read(metadata, write_notebook) -> None:
    assert read_text(write_notebook({"source": "x = 1"}, **metadata), "nb.ipynb").value is not None


def test_python_version_is_kept(write_notebook) -> None:
    text = write_notebook({"source": "x"}, language_info={"name": "python", "version": "3.11.4"})
    assert read_text(text, "nb.ipynb").value.python == "3.11.4"


def test_source_may_be_a_list_and_line_ends_become_one(write_notebook) -> None:
    cells = read_text(write_notebook({"source": ["a = 1\r\n", "b = 2\r", "c = 3"]}, {"source": "d = 4\r\n"}), "nb.ipynb").value.cells
    assert [cell.source for cell in cells] == ["a = 1\nb = 2\nc = 3", "d = 4\n"]
    assert all(cell.parses for cell in cells)


@pytest.mark.parametrize(
    "encode", [lambda t: t.encode(), lambda t: t.encode("utf-8-sig"), lambda t: t.encode("utf-16"), lambda t: "\ufeff" + t]
)
def test_encodings(encode, write_notebook) -> None:
    assert read_text(encode(write_notebook({"source": "é = '漢'"})), "nb.ipynb").value.cells[0].source == "é = '漢'"


def test_nan_in_metadata_is_tolerated(write_notebook) -> None:
    text = write_notebook({"source": "x = 1", "metadata": {"score": float("nan")}})
    assert "NaN" in text
    assert read_text(text, "nb.ipynb").value is not None


def test_lone_surrogate_is_a_finding_at_its_place(write_notebook) -> None:
    result = read_text(write_notebook({"source": "x = 1\ny = '\ud800'"}), "nb.ipynb")
    (finding,) = result.diagnostics
    assert (finding.code, finding.span.start) == ("NB003", Pos(2, 5))


def test_missing_ids_are_made_and_duplicates_told_apart(write_notebook) -> None:
    text = write_notebook({"id": "a", "source": "x"}, {"id": "a"}, {"id": None}, {"id": 7}, {"id": "cell-3"}, {"id": ""})
    result = read_text(text, "nb.ipynb")
    ids = [cell.id for cell in result.value.cells]
    assert ids == ["a", "cell-1", "cell-2", "cell-3-", "cell-3", "cell-5"]
    (finding,) = result.diagnostics
    assert (finding.code, finding.message, finding.span.cell) == ("NB006", "the cell id `a` is already that of cell 1", "cell-1")


def test_cell_that_does_not_parse_does_not_stop_the_others(write_notebook) -> None:
    result = read_text(write_notebook({"source": "x = (1"}, {"source": "y = 2"}), "nb.ipynb")
    first, second = result.value.cells
    assert (first.parses, first.analysed, first.executed) == (False, "", "")
    assert (second.parses, second.analysed) == (True, "y = 2")
    (finding,) = result.diagnostics
    assert (finding.code, finding.span.start, finding.message) == ("NB003", Pos(1, 4), "this cell is not Python: '(' was never closed")


def test_skipped_cell_may_be_anything(write_notebook) -> None:
    text = write_notebook({"source": "x = (", "metadata": {"tags": ["skip"]}}, {"source": "y = 1"})
    assert read_text(text, "nb.ipynb").diagnostics == ()


@pytest.mark.parametrize("source", ["print 'a'", "exec 'a'", "try: pass\nexcept A, e: pass"])
def test_python_2_is_recognised(source, write_notebook) -> None:
    (finding,) = read_text(write_notebook({"source": source}), "nb.ipynb").diagnostics
    assert "Python 2" in finding.violation.text(finding.violation.fix)


def test_null_character_and_deep_nesting_are_findings(write_notebook) -> None:
    result = read_text(write_notebook({"source": "x = '\0'"}, {"source": "(" * 300}, {"source": "-" * 100_000 + "1"}), "nb.ipynb")
    assert [finding.code for finding in result.diagnostics] == ["NB003"] * 3


@pytest.mark.filterwarnings("error")
def test_pythons_own_warnings_about_a_cell_stay_quiet(write_notebook) -> None:
    result = read_text(write_notebook({"source": "x = '\\d'\nx is 1"}), "nb.ipynb")
    assert result.value.cells[0].parses


@pytest.mark.parametrize("cells", [[], [{"cell_type": "markdown", "source": "# hi"}], [{"source": " \n"}]])
def test_notebook_without_code_is_a_warning(cells, write_notebook) -> None:
    result = read_text(write_notebook(*cells), "nb.ipynb")
    assert result.value is not None
    assert [finding.code for finding in result.diagnostics] == ["NB008"]


def test_large_notebook_is_read_and_the_cell_to_blame_named(write_notebook) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    result = read_text(write_notebook({"source": "x = 1"}, {"source": "y = 2", "outputs": [output]}), "nb.ipynb")
    assert [cell.source for cell in result.value.cells] == ["x = 1", "y = 2"]
    assert [finding.message for finding in result.diagnostics] == ["the notebook has 50 MB, 50 MB of them in cell 2"]


def test_execution_counts_of_strange_types_are_dropped(write_notebook) -> None:
    cells = read_text(write_notebook(*({"execution_count": count} for count in (3, None, True, "4", 1.5))), "nb.ipynb").value.cells
    assert [cell.execution_count for cell in cells] == [3, None, None, None, None]


def test_unreadable_file_is_about_the_environment(tmp_path) -> None:
    with pytest.raises(Nb2PipeError, match="no such file"):
        read(str(tmp_path / "missing.ipynb"))
    with pytest.raises(Nb2PipeError, match="is a directory"):
        read(str(tmp_path))


def test_reading_a_file_keeps_the_path_as_given(tmp_path, write_notebook, monkeypatch) -> None:
    (tmp_path / "nb.ipynb").write_text(write_notebook({"source": "x"}))
    monkeypatch.chdir(tmp_path)
    assert read("nb.ipynb").value.path == "nb.ipynb"
