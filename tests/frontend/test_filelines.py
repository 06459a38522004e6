"""Where a line of a cell stands in its file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.diagnostics.as_github import as_github
from nb2pipe.frontend import read_text
from nb2pipe.frontend.lint import lint
from nb2pipe.frontend.report import file_text

LINE = st.sampled_from(["", "x = 1", "# %%x", "s = '''", '"q" \\', "é"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(LINE, max_size=5), min_size=1, max_size=4), st.sampled_from([1, 4]))
def test_each_line_of_a_notebook_stands_where_it_says(cells, indent) -> None:
    sources = [[line + "\n" for line in lines] for lines in cells]
    text = json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources]}, indent=indent)
    notebook = read_text(text, "nb.ipynb").value
    file, written = file_text(notebook, text), text.split("\n")
    for cell in notebook.cells:
        numbers = file.cells[cell.id].file_lines
        assert len(numbers) == cell.source.count("\n") + 1
        for number, line in zip(numbers, cell.source.split("\n")[:-1], strict=False):
            assert json.dumps(line)[1:-1] in written[number - 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(LINE, max_size=4), min_size=1, max_size=4), st.sampled_from(["", "# ---\n# a: b\n# ---\n"]), st.booleans())
def test_each_line_of_a_script_stands_where_it_says(cells, header, leading) -> None:
    text = header + ("y = 1\n" if leading else "") + "".join("# %% step:a\n" + "".join(line + "\n" for line in lines) for lines in cells)
    notebook = read_text(text, "nb.py").value
    file, written = file_text(notebook, text), text.split("\n")
    for cell in notebook.cells:
        numbers = file.cells[cell.id].file_lines
        for number, line in zip(numbers, cell.source.split("\n"), strict=False):
            assert written[number - 1].endswith(line) or not cell.source
        assert len(numbers) == cell.source.count("\n") + 1


def test_source_as_one_text_is_on_one_line() -> None:
    text = '{"cells": [\n{"cell_type": "code", "source": "a\\nb\\nc"}]}'
    notebook = read_text(text, "nb.ipynb").value
    assert file_text(notebook, text).cells["cell-0"].file_lines == (2, 2, 2)


@pytest.mark.parametrize("text", ['{"nbformat": 3, "worksheets": []}', "# %%\n"])
def test_text_that_does_not_belong_to_the_notebook_gives_no_lines(text) -> None:
    notebook = read_text('{"cells": [{"cell_type": "code", "source": "a"}, {"cell_type": "code"}]}', "nb.ipynb").value
    assert [cell.file_lines for cell in file_text(notebook, text).cells.values()] == [(), ()]


def test_annotations_point_into_the_file() -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1\n", "eval('x')"]}]}, indent=1)
    notebook = read_text(text, "nb.ipynb").value
    (line,) = [number for number, each in enumerate(text.split("\n"), 1) if "eval" in each]
    assert f"line={line}," in as_github(lint(notebook), file_text(notebook, text))
