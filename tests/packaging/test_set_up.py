"""The set-up that `make` does: which Python it takes, what it says, and that it does nothing twice."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIND = ROOT / "requirements" / "find-python.sh"
SHELL = shutil.which("sh") or "/bin/sh"


def fake(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{SHELL}\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def find(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder)} | variables
    return subprocess.run([SHELL, str(FIND)], env=environment, capture_output=True, text=True, check=False)


def test_no_python_at_all_says_what_to_install(tmp_path):
    result = find(tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "apt-get install python3" in result.stderr


def test_a_name_that_does_not_start_is_passed_over(tmp_path):
    """Version managers leave names on PATH that only print a complaint."""
    fake(tmp_path, "python3", "echo 'not installed' >&2; exit 127")
    fake(tmp_path, "python3.13", "exit 1")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert find(tmp_path).stdout.strip() == str(tmp_path / "python3.12")


def test_python_without_venv_says_which_package_is_missing(tmp_path):
    """Debian's python3 comes without; the stand-in starts, is new enough, and cannot import ensurepip."""
    fake(tmp_path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    result = find(tmp_path)
    assert result.returncode == 2
    assert "apt-get install python3-venv" in result.stderr


def test_python_asked_for_is_the_one_taken(tmp_path):
    fake(tmp_path, "python3", "exit 0")
    (tmp_path / "mine").symlink_to(sys.executable)
    assert find(tmp_path, PYTHON=str(tmp_path / "mine")).stdout.strip() == str(tmp_path / "mine")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """install.py on a project of its own; each phase's command is recorded instead of run."""
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "requirements" / "install.py", tmp_path / "requirements")
    for name in ("demo.lock", "uv.txt"):
        shutil.copy(ROOT / "requirements" / name, tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "compiler" / "nb2pipe").mkdir(parents=True)
    shutil.copy(ROOT / "compiler" / "nb2pipe" / "_version.py", tmp_path / "compiler" / "nb2pipe")
    script = runpy.run_path(str(tmp_path / "requirements" / "install.py"))
    commands: list[list[str]] = []

    def record(_what: str, _expect: str, command: list[str]) -> None:
        commands.append(command)
        (tmp_path / ".venv-demo").mkdir(exist_ok=True)

    script["main"].__globals__["phase"] = record

    def run() -> list[list[str]]:
        commands.clear()
        assert script["main"]("demo") == 0
        return list(commands)

    return run, tmp_path


def test_nothing_is_done_again_until_the_lock_changes(install):
    run, folder = install
    assert len(run()) == 4
    assert run() == []
    lock = folder / "requirements" / "demo.lock"
    os.utime(lock)
    assert run() == [], "a new date with the same content changes nothing"
    lock.write_text(lock.read_text(encoding="utf-8") + "six==1.17.0\n", encoding="utf-8")
    assert len(run()) == 4


def test_bytecode_is_compiled_and_nothing_comes_from_outside_the_lock(install):
    run, _ = install
    packages, project = run()[2:]
    assert "--compile-bytecode" in packages
    assert {"--no-deps", "--no-build-isolation"} <= set(project)


def test_a_failing_phase_leaves_no_stamp(tmp_path):
    script = runpy.run_path(str(ROOT / "requirements" / "install.py"))
    with pytest.raises(SystemExit) as status:
        script["phase"]("failing on purpose", "no time", [sys.executable, "-c", "raise SystemExit(3)"])
    assert status.value.code == 2
