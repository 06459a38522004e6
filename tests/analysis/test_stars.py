"""The table of what star imports bring is what the installed modules bring."""

from __future__ import annotations

import builtins
import importlib
from typing import TYPE_CHECKING

import pytest

from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.knowledge.stars import _table, star_names
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.frontend import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("module", sorted(_table()))
def test_an_installed_module_brings_what_the_table_says(module: str) -> None:
    """Nothing that a star import brings here is missing in the table."""
    loaded = pytest.importorskip(module, reason=f"{module} is not installed, or needs a display")
    real = getattr(loaded, "__all__", None) or [name for name in vars(loaded) if not name.startswith("_")]
    assert set(real) - set(_table()[module]) - set(dir(builtins)) == set()


def test_a_file_beside_the_notebook_is_read_and_not_run(tmp_path: Path) -> None:
    """Its top-level names are bound, those of other star imports too, private ones and those of its functions not."""
    (tmp_path / "preamble.py").write_text(
        "import numpy as np\nfrom other import *\n_hidden = 1\nif np:\n    size = 2\ndef plot(a):\n    inside = 3\nraise SystemExit\n"
    )
    (tmp_path / "other.py").write_text("__all__ = ['chosen']\nchosen = left_out = 1\n")
    assert star_names("preamble", str(tmp_path)) == ("chosen", "np", "plot", "size")
    (tmp_path / "nb.py").write_text("# %%\nfrom preamble import *\n# %%\nprint(size, plot(1))\n")
    notebook = read(str(tmp_path / "nb.py")).value
    assert notebook is not None
    assert cell_summaries(analyse(notebook)) == [
        {"index": 0, "reads": [], "writes": ["chosen", "np", "plot", "size"], "mutates": []},
        {"index": 1, "reads": ["plot", "size"], "writes": [], "mutates": []},
    ]


def test_an_unknown_module_brings_what_is_read_later(tmp_path: Path) -> None:
    """A name that nothing else binds comes from the last star import above."""
    (tmp_path / "nb.py").write_text("# %%\nfrom nowhere_to_be_found import *\n# %%\nprint(size)\n")
    notebook = read(str(tmp_path / "nb.py")).value
    assert notebook is not None
    found = cell_summaries(notebook, unknown_stars=True)
    assert [(cell["reads"], cell["writes"]) for cell in found] == [([], ["size"]), (["size"], [])]


def test_the_table_is_sorted() -> None:
    """Modules and names stand in order, each once."""
    assert list(_table()) == sorted(_table())
    assert all(list(names) == sorted(set(names)) for names in _table().values())
    assert importlib.import_module("math").tau
