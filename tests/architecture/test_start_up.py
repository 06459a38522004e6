"""The start-up budget, counted in modules loaded: seconds differ between machines, modules do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def loaded(*arguments: str) -> list[str]:
    """The modules that the command line loads beyond a bare interpreter's own."""
    code = f"""
import sys
sys.path[:0] = {[str(ROOT / "compiler"), str(ROOT)]!r}
sys.argv = ["nb2pipe", *{list(arguments)!r}]
import os, __future__  # the statement at the top of every file of ours
before = set(sys.modules)
real, sys.stdout = sys.stdout, open(os.devnull, "w")
try:
    from nb2pipe.cli import main
    raise SystemExit(main())
except SystemExit as status:
    assert not status.code, status.code
sys.stdout = real
print("\\n".join(sorted(set(sys.modules) - before)))
"""
    result = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)], ids=["help", "version"])
def test_help_and_version_load_the_table_and_nothing_else(arguments):
    assert [name for name in loaded(*arguments) if name.split(".")[0] != "nb2pipe"] == []
    assert [
        name for name in loaded(*arguments) if name.startswith("nb2pipe.") and not name.startswith(("nb2pipe.cli", "nb2pipe._version"))
    ] == []


# `dataclasses` and the standard annotations bring typing and inspect; everything else here would be a mistake.
HEAVY = {
    "importlib.metadata",
    "asyncio",
    "email",
    "http",
    "subprocess",
    "urllib.request",
    "logging",
    "nbformat",
    "yaml",
    "decimal",
    "socket",
}


def test_compiling_loads_nothing_heavy(tmp_path):
    source = ROOT / "example_notebooks" / "03_sweep.ipynb"
    modules = set(loaded("compile", str(source), "-o", str(tmp_path / "out.yaml")))
    assert HEAVY & modules == set()
    assert "ast" in modules  # the probe itself works
