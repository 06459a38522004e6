"""Where the shared strategies of this folder are found, and a home that is thrown away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
