"""What compiling a clean notebook loads: the budget of the command line is kept in modules, not in seconds."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("dataclasses", "inspect", "pathlib", "shutil", "yaml", "nbformat", "importlib.metadata", "tokenize", "difflib")

PROGRAM = f"""
import sys
from nb2pipe.cli import main
code = main(["compile", "book.py", "-o", "out.yaml"])
print(code, [name for name in {HEAVY!r} if name in sys.modules])
print([name for name in sys.modules if name.startswith("nb2pipe.rules.")])
"""


def test_a_clean_compile_loads_nothing_heavy_and_no_rule(tmp_path: Path, python_path: str) -> None:
    """No class generator, no path library, no YAML library, no rule."""
    (tmp_path / "book.py").write_text("# %% step:a\nx = 1\n# %% step:b\nprint(x)\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM], cwd=tmp_path, env={"PYTHONPATH": python_path}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 []\n[]\n", done.stderr
