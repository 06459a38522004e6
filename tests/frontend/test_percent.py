"""Scripts in percent format."""

from __future__ import annotations

import pytest

from nb2pipe.frontend import read_text
from nb2pipe.ir.notebook import CellKind


def cells(text: str):
    return read_text(text, "nb.py").value.cells


@pytest.mark.parametrize(
    ("marker", "tags"),
    {
        "# %%": [],
        "#%%": [],
        "# %% step:train gpu:1": ["step:train", "gpu:1"],
        "# %% parameters": ["parameters"],
        "# %% setup": ["setup"],
        "# %% gate step:check": ["gate", "step:check"],
        "# %% step:train Train the model": ["step:train"],
        "# %% Setup the data": [],
        "# %% Load the data": [],
        "# %% gate the model": [],
        "# %% stp:train": ["error"],
        "# %% imports": ["imports"],
        '# %% Title tags=["step:a", "cpu:2"]': ["step:a", "cpu:2"],
        '# %% tags=["step:a"] key="value with step:b"': ["step:a"],
        "# %% see https://example.org/a:b": [],
    }.items(),
)
def test_tags_of_a_marker(marker, tags) -> None:
    result = read_text(f"{marker}\nx = 1\n", "nb.py")
    errors = ["error" for finding in result.diagnostics if finding.code == "NB101"]
    assert [tag.text for tag in result.value.cells[0].tags] + errors == tags


def test_code_before_the_first_marker_is_a_cell_and_blank_text_is_none() -> None:
    assert [cell.source for cell in cells("\nx = 1\n\n# %%\ny = 2\n")] == ["\nx = 1", "y = 2"]
    assert [cell.source for cell in cells("\n\n# %%\ny = 2")] == ["y = 2"]


def test_text_cells_lose_their_comment_signs() -> None:
    found = cells('# %% [markdown]\n# # Title\n#\n# text\n# %% [raw]\n# raw\n# %% [md]\n"""\n# Title\n"""\n')
    assert [(cell.kind, cell.source) for cell in found] == [
        (CellKind.MARKDOWN, "# Title\n\ntext"),
        (CellKind.RAW, "raw"),
        (CellKind.MARKDOWN, "# Title"),
    ]


def test_magics_stand_in_comments_or_as_they_are() -> None:
    found = cells("# %%\n# %time x = 1\n%time y = 2\n# !ls\n# 100 % sure\n# %%\n# %%time\nz = 3\n")
    assert [cell.source for cell in found] == ["%time x = 1\n%time y = 2\n!ls\n# 100 % sure", "%%time\nz = 3"]
    assert found[1].magic == ("time", "")


def test_a_jupytext_header_is_no_cell() -> None:
    assert [cell.source for cell in cells("# ---\n# jupyter:\n#   jupytext: {}\n# ---\n\n# %%\nx = 1\n")] == ["x = 1"]


def test_line_ends_and_byte_order_mark() -> None:
    assert [cell.source for cell in read_text(b"\xef\xbb\xbf# %%\r\nx = 1\r\ny = 2\r\n", "nb.py").value.cells] == ["x = 1\ny = 2"]


def test_metadata_of_a_marker() -> None:
    (cell,) = cells('# %% step:a nb2pipe={"cpu": 2}\nx = 1')
    assert dict(cell.settings) == {"cpu": 2}
    assert [tag.text for tag in cell.tags] == ["step:a"]


def test_bytes_that_are_no_text_are_a_finding() -> None:
    result = read_text(b"# %%\n\xff", "nb.py")
    assert (result.value, [finding.code for finding in result.diagnostics]) == (None, ["NB001"])


def test_empty_cells_stay() -> None:
    assert [cell.source for cell in cells("# %%\n\n# %%\nx = 1\n\n\n# %%\n")] == ["", "x = 1", ""]
