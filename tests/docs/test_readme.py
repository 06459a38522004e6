"""What the papers say is so: commands, extras, dependencies, tags and links."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def table(first: str) -> list[list[str]]:
    """The rows of the README's table whose header starts with `first`."""
    rows: list[list[str]] = []
    inside = False
    for line in README.splitlines():
        if line.startswith(f"| {first} |"):
            inside = True
        elif inside and line.startswith("| ---"):
            continue
        elif inside and line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
        elif inside:
            break
    return rows


def names(requirements: list[str]) -> list[str]:
    return [Requirement(text).name for text in requirements]


def test_the_table_of_dependencies_is_the_project_file():
    listed = [(row[0], row[1].strip("`")) for row in table("extra")]
    wanted = [("(always)", name) for name in names(PROJECT["project"]["dependencies"])]
    for extra, requirements in PROJECT["project"]["optional-dependencies"].items():
        wanted += [(f"`{extra}`", name) for name in names(requirements)]
    assert listed == wanted


def test_the_table_of_development_tools_is_the_project_file():
    listed = [(row[0].strip("`"), row[1].strip("`")) for row in table("group")]
    assert listed == [(group, name) for group, requirements in PROJECT["dependency-groups"].items() for name in names(requirements)]


def test_every_dependency_says_what_it_is_for():
    assert [row for row in table("extra") + table("group") if len(row[2]) < 5] == []


def test_every_command_stands_in_the_readme():
    from nb2pipe.cli import COMMANDS

    listed = [re.match(r"`nb2pipe (\w+)", row[0]).group(1) for row in table("command")]
    assert sorted(listed) == sorted(COMMANDS)


def test_every_tag_stands_on_the_page_of_tags():
    from nb2pipe.frontend.tags import FLAGS, KALE_FLAGS, KALE_VERBS, VERBS

    page = (ROOT / "compiler" / "docs" / "tags.md").read_text(encoding="utf-8")
    words = [f"`{word}" for word in (*FLAGS, *KALE_FLAGS)] + [f"`{verb}:" for verb in (*VERBS, *KALE_VERBS)]
    assert [word for word in words if word not in page] == []


def test_every_tag_of_the_readme_is_a_tag():
    from nb2pipe.frontend.tags import is_tag

    written = [text for row in table("tag") for text in re.findall(r"`([^`]+)`", row[0])]
    assert written
    assert [text for text in written if not is_tag(text)] == []


def test_make_targets_named_in_the_papers_exist():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    papers = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)`", papers)) - targets == set()


def test_ci_runs_exactly_the_test_command_of_the_readme():
    commands = re.search(r"## Two commands\n.*?```\n(.*?)```", README, flags=re.DOTALL).group(1).split("\n")
    assert commands[1] == "make test"
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip()
    assert script.splitlines()[-1] == commands[1]


PAPERS = ("README.md", "CONTRIBUTING.md", "compiler/README.md", "labextension/README.md", "benchmarks/README.md")


@pytest.mark.parametrize("name", PAPERS)
def test_links_lead_somewhere(name):
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith(("http", "#"))]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


def test_the_changelog_begins_with_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE)[0] == "Unreleased"


def test_the_licence_is_the_whole_text():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("Apache License")
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["project"]["license"] == "Apache-2.0"


def shown(command: str) -> str:
    """What the README says a command prints."""
    (text,) = re.findall(rf"```\n\$ {re.escape(command)}\n(.*?)```", README, flags=re.DOTALL)
    return text


def printed(*arguments: str, cwd: Path) -> str:
    import subprocess
    import sys

    return subprocess.run([sys.executable, "-m", "nb2pipe", *arguments], cwd=cwd, capture_output=True, text=True, check=False).stdout


def test_the_graph_in_the_readme_is_what_the_command_prints():
    assert printed("graph", "03_sweep.ipynb", cwd=ROOT / "example_notebooks").strip() == shown("nb2pipe graph 03_sweep.ipynb").strip()


def test_the_finding_in_the_readme_is_what_the_command_prints(tmp_path):
    """The example with one name misspelt."""
    source = (ROOT / "example_notebooks" / "03_sweep.ipynb").read_text(encoding="utf-8")
    (tmp_path / "sweep.ipynb").write_text(
        source.replace("regressor.fit(known, known_progress)", "regressor.fit(known, known_target)"), encoding="utf-8"
    )
    finding, _, count = shown("nb2pipe check sweep.ipynb").strip().rpartition("\n\n")
    assert printed("check", "sweep.ipynb", cwd=tmp_path).strip() == finding
    assert count == "1 error"
