"""Who may import whom, proved by a bare interpreter and by reading every import statement."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPILER = ROOT / "compiler" / "nb2pipe"
RUNTIME = ROOT / "jupyter_mlops" / "runtime"

# The only third-party module the compiler knows, and the only place: upgrading a notebook older than format 4.
NBFORMAT_ALLOWED_IN = "frontend"

# Modules that are arithmetic from the first line to the last; their verbs load them on use.
ARITHMETIC = ("jupyter_mlops.evaluation.", "jupyter_mlops.monitoring.")

# A handler is a subclass of Jupyter Server's; the server itself loads it.
OF_THE_SERVER = ("jupyter_mlops.server.handlers",)


def modules(package: Path, root: Path) -> list[str]:
    names = []
    for path in sorted(package.rglob("*.py")):
        if path.name == "__main__.py":
            continue
        parts = path.relative_to(root).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def bare(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter without site-packages: what imports there needs the standard library only."""
    paths = f"import sys; sys.path[:0] = {[str(ROOT / 'compiler'), str(ROOT)]!r}\n"
    return subprocess.run([sys.executable, "-I", "-S", "-c", paths + code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("package", "root"),
    [(COMPILER, ROOT / "compiler"), (ROOT / "jupyter_mlops", ROOT)],
    ids=["nb2pipe", "jupyter_mlops"],
)
def test_every_module_imports_with_the_standard_library_alone(package, root):
    names = [name for name in modules(package, root) if not name.startswith((*ARITHMETIC, *OF_THE_SERVER))]
    assert names
    result = bare(f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n")
    assert result.stderr == ""
    assert result.returncode == 0


def test_what_only_computes_loads_numpy_and_scipy_special_at_most():
    names = [name for name in modules(ROOT / "jupyter_mlops", ROOT) if name.startswith(ARITHMETIC)]
    heavy = ["scipy.stats", "pandas", "polars", "pyarrow", "sklearn", "mlflow", "river", "fairlearn", "tensorflow", "IPython"]
    code = f"""
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
print(sorted(set({heavy!r}) & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("[]\n", "")


def test_the_runtime_loads_nothing_of_the_other_half():
    names = modules(RUNTIME, ROOT)
    code = f"""
import importlib
for name in {names!r}:
    importlib.import_module(name)
ours = sorted(name for name in sys.modules if name.split(".")[0] in ("nb2pipe", "jupyter_mlops"))
print([name for name in ours if name != "jupyter_mlops" and not name.startswith("jupyter_mlops.runtime")])
"""
    result = bare(code)
    assert (result.stdout, result.stderr) == ("[]\n", "")


def test_importing_the_user_package_imports_nothing_else():
    code = "import __future__\nbefore = set(sys.modules)\nimport jupyter_mlops\nprint(sorted(set(sys.modules) - before))"
    result = bare(code)
    assert (result.stdout, result.stderr) == ("['jupyter_mlops']\n", "")


def test_the_compiler_imports_nothing_foreign_even_inside_functions():
    known = sys.stdlib_module_names | {"nb2pipe"}
    foreign = []
    for path in sorted(COMPILER.rglob("*.py")):
        where = path.relative_to(COMPILER)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "."] if node.level == 0 else ["."]
            else:
                continue
            for name in names:
                top = name.split(".")[0]
                if top == "nbformat" and where.parts[0] == NBFORMAT_ALLOWED_IN:
                    continue
                if top not in known:
                    foreign.append(f"{where}:{node.lineno} imports {name}")
    assert foreign == []


def test_layers_hold():
    """import-linter's contracts in pyproject.toml."""
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
