"""Tags written into percent scripts: only marker lines change."""

from __future__ import annotations

import pytest

from nb2pipe.errors import Nb2PipeError
from nb2pipe.frontend import read_text
from nb2pipe.frontend.write import add_tags
from nb2pipe.frontend.writepercent import add_percent_tags

MARKERS = {
    "# %%": "# %% step:a gpu:1",
    "#%%  ": "#%% step:a gpu:1",
    "# %% after:b": "# %% after:b step:a gpu:1",
    "# %% Load the data": '# %% Load the data tags=["step:a", "gpu:1"]',
    "# %% cpu:2 Load the data": '# %% cpu:2 Load the data tags=["step:a", "gpu:1"]',
    '# %% tags=["other"]': '# %% tags=["other", "step:a", "gpu:1"]',
    '# %% Title tags=[] key="v"': '# %% Title tags=["step:a", "gpu:1"] key="v"',
}


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_gets_tags_in_its_own_form(marker):
    text = f"# %% [markdown]\n# text\n{marker}\nx = 1\n"
    written = add_percent_tags(text, {1: ("step:a", "gpu:1")})
    assert written == f"# %% [markdown]\n# text\n{MARKERS[marker]}\nx = 1\n"
    assert {"step:a", "gpu:1"} <= {tag.text for tag in read_text(written, "nb.py").value.cells[1].tags}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "# ---\n# jupyter: {}\n# ---\n"])
def test_code_above_the_first_marker_gets_a_marker(newline, start):
    text = f"{start}x = 1\n# %%\ny = 2\n".replace("\n", newline)
    written = add_percent_tags(text, {0: ("skip",), 1: ("step:a",)})
    before, after = read_text(text, "nb.py").value.cells, read_text(written, "nb.py").value.cells
    assert [cell.source.strip() for cell in after] == [cell.source.strip() for cell in before] == ["x = 1", "y = 2"]
    assert [[tag.text for tag in cell.tags] for cell in after] == [["skip"], ["step:a"]]
    assert written.count(newline) == text.count(newline) + 1
    assert written.startswith(start.replace("\n", newline))


def test_a_cell_that_is_not_there_is_refused():
    with pytest.raises(Nb2PipeError, match="no cell 3"):
        add_percent_tags("# %%\nx = 1\n", {2: ("skip",)})


def test_tags_of_other_tools_stay_in_a_notebook_file(tmp_path):
    path = tmp_path / "book.ipynb"
    text = '{"cells": [{"cell_type": "code", "metadata": {"tags": ["hide-input"]}, "source": "x = 1", "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    path.write_text(text, encoding="utf-8")
    add_tags(str(path), {0: ("step:a",)})
    assert path.read_text(encoding="utf-8") == text.replace('["hide-input"]', '["hide-input", "step:a"]')
