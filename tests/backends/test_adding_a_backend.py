"""docs/adding-a-backend.md is true: its example is a backend, as a package of its own would bring it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nb2pipe.backends.base import Backend, Capability
from nb2pipe.backends.registry import load_backend

PAGE = Path(__file__).resolve().parents[2] / "compiler" / "docs" / "adding-a-backend.md"


@pytest.fixture
def blocks() -> dict[str, str]:
    """The page's code blocks by language."""
    return dict(re.findall(r"```(python|toml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def backend_of_the_page(blocks, tmp_path, monkeypatch):
    """Install the example."""
    (tmp_path / "shell_backend.py").write_text(blocks["python"], encoding="utf-8")
    folder = tmp_path / "shell_backend-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: shell-backend\nVersion: 1.0\n")
    entry = blocks["toml"].replace('[project.entry-points."nb2pipe.backends"]', "[nb2pipe.backends]").replace('"', "")
    (folder / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(str(tmp_path))
    return load_backend("shell")


def test_example_emits(backend_of_the_page, feature_of):
    [file] = backend_of_the_page.emit(feature_of("order")).files
    assert (str(file.path), file.text) == ("order.sh", "# order.ipynb\necho a\necho b\necho c\n")


def test_example_reports_its_gaps(backend_of_the_page, feature_of):
    """The table alone makes the findings."""
    [finding] = backend_of_the_page.check(feature_of("retry"))[:1]
    assert (finding.code, finding.step, finding.field) == ("NB701", "load", "retry")
    assert list(backend_of_the_page.capabilities) == list(Capability)


def test_the_page_lists_the_whole_interface():
    """Every member of the protocol has a row, and there is no row for what is no member."""
    rows = re.findall(r"^\| `(\w+)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == {name for name in vars(Backend) if not name.startswith("_")}
