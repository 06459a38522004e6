"""Export of a saved notebook as a project, asked of a real server."""

from __future__ import annotations

import subprocess
import sys

import pytest
from notebooks import code, validator

from jupyter_mlops.server.documents import text_of


@pytest.fixture
def saved(server):
    """Save a notebook in the served folder; give a function of its cells."""

    def save(name, *cells):
        (server.root / name).write_text(text_of(code(*cells)), encoding="utf-8")
        return name

    return save


def test_a_notebook_becomes_a_project_that_runs(server, saved):
    path = saved("sums.ipynb", ("x = [1, 2]", ["step:load"]), ("total = sum(x)\nprint('total', total)", ["step:add"]))
    response = server.ask("POST", "export", json={"path": path, "directory": "sums-project"})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [error.message for error in validator("Exported").iter_errors(answer)] == []
    folder = server.root / answer["directory"]
    assert all((folder / file).is_file() for file in answer["files"])
    (package,) = (each.name for each in (folder / "src").iterdir())
    done = subprocess.run([sys.executable, "-m", package], cwd=folder / "src", capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "total 3" in done.stdout) == (0, True), done.stderr


def test_a_notebook_with_errors_is_not_exported(server, saved):
    path = saved("wrong.ipynb", ("print(missing)", ["step:a"]))
    response = server.ask("POST", "export", json={"path": path, "directory": "wrong-project"})
    assert response.status_code in {400, 409, 422}
    assert [error.message for error in validator("Problem").iter_errors(response.json())] == []
    assert not (server.root / "wrong-project").exists()


def test_what_somebody_wrote_is_never_written_over(server, saved):
    path = saved("again.ipynb", ("x = 1\nprint(x)", ["step:a"]))
    mine = server.root / "mine"
    mine.mkdir(exist_ok=True)
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    for directory in ("mine", "", "."):
        response = server.ask("POST", "export", json={"path": path, "directory": directory})
        assert response.status_code == 400, response.text
    assert [each.name for each in mine.iterdir()] == ["thesis.txt"]
