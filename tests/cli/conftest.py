"""Running the command line as a user does: a process, its exit status, what it prints where."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def nb2pipe(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `nb2pipe` in an empty folder."""

    def run(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        import os

        return subprocess.run(
            [sys.executable, "-m", "nb2pipe", *words],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**os.environ, **environment},
        )

    return run


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., str]:
    """Write a notebook of ``(tags, source)`` cells and return its name."""

    def write(*cells: tuple[str, str], name: str = "book.ipynb", **metadata: object) -> str:
        document = {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"c{index}",
                    "metadata": {"tags": tags.split()},
                    "outputs": [],
                    "source": source,
                }
                for index, (tags, source) in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}, **metadata},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
        return name

    return write
