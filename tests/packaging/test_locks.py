"""The locks: every version pinned, nothing about the machine that wrote them, and no requirement left out."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(path: Path) -> list[Requirement]:
    return [Requirement(line) for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_there_are_locks():
    assert [path.name for path in LOCKS] == ["demo.lock", "dev.lock", "kale.lock", "lab.lock", "marimo.lock", "torch.lock"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_line_is_one_exact_version(path):
    inexact = [str(one) for one in locked(path) if [clause.operator for clause in one.specifier] != ["=="] or one.url]
    assert inexact == []


WANTED = {
    "demo.lock": (["data", "sklearn"], ["build"]),
    "dev.lock": (["kfp", "verify", "data", "sklearn", "tensorflow"], ["build", "lint", "test"]),
    "lab.lock": (["data", "sklearn", "lab", "verify"], ["build"]),
}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_lock_satisfies_what_the_project_file_asks_for(name):
    extras, groups = WANTED[name]
    asked = list(PROJECT["project"]["dependencies"])
    asked += [text for extra in extras for text in PROJECT["project"]["optional-dependencies"][extra]]
    asked += [text for group in groups for text in PROJECT["dependency-groups"][group]]
    versions: dict[str, list[Version]] = {}
    for one in locked(ROOT / "requirements" / name):
        versions.setdefault(canonicalize_name(one.name), []).append(Version(next(iter(one.specifier)).version))
    unmet = []
    for text in asked:
        requirement = Requirement(text)
        found = versions.get(canonicalize_name(requirement.name), [])
        if not found or not all(version in requirement.specifier for version in found):
            unmet.append(text)
    assert unmet == []


def test_constraints_are_in_force_in_the_locks():
    held = {one.name: str(one.specifier) for one in locked(ROOT / "requirements" / "constraints.txt")}
    for path in (ROOT / "requirements" / name for name in WANTED):
        for one in locked(path):
            assert str(one.specifier) == held.get(one.name, str(one.specifier)), path.name


def test_every_constraint_says_why():
    lines = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    comments = sum(1 for line in lines[1:] if line.startswith("#"))
    assert comments >= 4
    assert lines[0].startswith("#")


# Written so that this file does not match itself.
FORBIDDEN = re.compile(
    r"""
    --(?:extra-)?index-u[r]l[ =] | --find-l[i]nks[ =]
    | files\.pythonhost[e]d | registry\.npmj[s] | pypi\.or[g]/simple
    | (?<![\w.{$])/ro[o]t/[a-z.] | (?<![\w.])/wo[r]k/ | /opt/pyp[i]
    """,
    flags=re.VERBOSE,
)


def committed() -> list[Path]:
    # The index too: a file that is added but not yet committed is about to be.
    result = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in result.stdout.split("\0") if name]


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine():
    found = []
    for path in committed():
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()!r}" for match in FORBIDDEN.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {here}" for here in (f"{ROOT}/", f"{Path.home()}/") if here in text]
    assert found == []
