"""The Makefile lists itself, and what it is asked to do it does in the environments of the locks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> str:
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_make_alone_lists_every_public_target():
    listed = re.findall(r"^  make ([a-z-]+) +\S", make(), flags=re.MULTILINE)
    targets = re.findall(r"^([a-z-]+):", TEXT, flags=re.MULTILINE)
    assert sorted(listed) == sorted(target for target in targets if not target.startswith("env-"))


def test_every_target_is_phony():
    """A folder called `test` or `bench` must not satisfy a target."""
    phony = set(" ".join(re.findall(r"^\.PHONY: (.*)$", TEXT, flags=re.MULTILINE)).split())
    assert set(re.findall(r"^([a-z-]+):", TEXT, flags=re.MULTILINE)) == phony


def test_the_test_target_leaves_nothing_out_but_campaigns_containers_and_pytorch():
    plan = make("--dry-run", "test")
    assert re.findall(r"-m pytest .*$", plan, flags=re.MULTILINE) == [
        '-m pytest --numprocesses auto --dist loadfile -m "not campaign and not containers and not torch"'
    ]
    assert [tool for tool in ("ruff check", "ruff format --check", "lint-imports", "mypy") if tool not in plan] == []
