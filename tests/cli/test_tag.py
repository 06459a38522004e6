"""`nb2pipe tag` as a process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[str]]
    Write = Callable[..., str]

BOOK = (
    ("", "import pandas as pd"),
    ("", "df = pd.read_csv('https://example.org/x.csv')"),
    ("", "df.head()"),
    ("", "df.to_csv('y.csv')"),
)


def test_it_prints_cells_the_pipeline_and_the_command_that_writes(nb2pipe: Run, notebook: Write) -> None:
    done = nb2pipe("tag", notebook(*BOOK))
    assert done.returncode == 0
    assert done.stdout == (
        "1  import pandas as pd                            +setup      imports\n"
        "2  df = pd.read_csv('https://example.org/x.csv')  +step:load  calls `pandas.read_csv`\n"
        "3  df.head()                                      +skip       only looks at data\n"
        "4  df.to_csv('y.csv')                             (load)      calls `.to_csv`\n"
        "\n"
        "pipeline book()\n"
        "  load  [cells 2, 4]  ()  -> display: HTML\n"
        "\n"
        "write these tags: nb2pipe tag book.ipynb --write\n"
    )


def test_it_writes_nothing_unless_asked_to(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    name = notebook(*BOOK)
    before = (tmp_path / name).read_bytes()
    nb2pipe("tag", name)
    assert (tmp_path / name).read_bytes() == before


def test_what_is_written_is_what_was_shown_and_the_second_time_nothing_changes(nb2pipe: Run, notebook: Write, tmp_path: Path) -> None:
    name = notebook(*BOOK)
    before = json.loads((tmp_path / name).read_text(encoding="utf-8"))
    done = nb2pipe("tag", name, "--write")
    assert "wrote the tags of 3 cells in book.ipynb" in done.stderr
    written = (tmp_path / name).read_bytes()
    after = json.loads(written)
    assert [cell["metadata"].pop("tags", []) for cell in after["cells"]] == [["setup"], ["step:load"], ["skip"], []]
    for cell in before["cells"]:
        cell["metadata"].pop("tags")
    assert after == before
    assert nb2pipe("tag", name, "--write").returncode == 0
    assert (tmp_path / name).read_bytes() == written


def test_json_says_for_each_cell_what_it_has_and_what_to_add(nb2pipe: Run, notebook: Write) -> None:
    found = json.loads(nb2pipe("tag", notebook(*BOOK), "--format", "json").stdout)
    assert (found["schema"], found["path"], found["changes"]) == ("nb2pipe.tags/1", "book.ipynb", 3)
    assert found["cells"][1] == {
        "cell": "c1",
        "number": 2,
        "line": "df = pd.read_csv('https://example.org/x.csv')",
        "tags": [],
        "add": ["step:load"],
        "step": "load",
        "reason": "calls `pandas.read_csv`",
    }
    assert [step["name"] for step in found["pipeline"]["steps"]] == ["load"]


def test_a_percent_script_is_tagged_too(nb2pipe: Run, tmp_path: Path) -> None:
    (tmp_path / "book.py").write_text("# %%\nimport math\n# %% Roots\nprint(math.sqrt(2))\n", encoding="utf-8")
    assert nb2pipe("tag", "book.py", "--write").returncode == 0
    assert (tmp_path / "book.py").read_text(
        encoding="utf-8"
    ) == '# %% setup\nimport math\n# %% Roots tags=["step:main"]\nprint(math.sqrt(2))\n'


def test_a_file_that_is_no_notebook_is_a_finding_and_a_missing_one_an_error(nb2pipe: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    broken, missing = nb2pipe("tag", "broken.ipynb"), nb2pipe("tag", "missing.ipynb")
    assert (broken.returncode, broken.stdout, "NB001" in broken.stderr) == (1, "", True)
    assert (missing.returncode, "cannot read `missing.ipynb`" in missing.stderr) == (2, True)
