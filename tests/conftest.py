"""What every test may use: where the checkout is, golden files, and an environment in which nothing phones home or opens a window."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent

# Before any library is imported, here and in every process that a test starts.
for _name, _value in {
    "GX_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}.items():
    os.environ.setdefault(_name, _value)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one switch that lets a run write into the checkout."""
    parser.addoption("--update-goldens", action="store_true", help="rewrite the golden files instead of comparing with them")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def python_path() -> str:
    """The PYTHONPATH under which both halves import from this checkout, installed or not."""
    return os.pathsep.join((str(ROOT / "compiler"), str(ROOT)))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a golden file, byte for byte; a missing golden fails. Only `--update-goldens` ever writes one."""

    def compare(path: Path, text: str) -> None:
        shown = path.relative_to(ROOT)
        if request.config.getoption("--update-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            return
        if not path.is_file():
            pytest.fail(f"{shown} is missing; `make goldens` writes it, then review it like code")
        expected = path.read_bytes().decode()
        if text == expected:
            return
        got = Path(tempfile.mkdtemp(prefix="golden-")) / path.name
        got.write_bytes(text.encode())
        before, after = expected.splitlines(), text.splitlines()
        line = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), min(len(before), len(after)))
        there = before[line] if line < len(before) else "(end of file)"
        here = after[line] if line < len(after) else "(end of file)"
        pytest.fail(f"{shown}, line {line + 1}\n  golden: {there[:200]}\n  now:    {here[:200]}\n  all of it: {got}")

    return compare
