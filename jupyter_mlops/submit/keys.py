"""A step and the values that enter it → the key of its cache entry.

In the key: the command line as compiled (code and step runtime), parameter values, digests and encodings of the inputs, the outputs it
must make, the image, the Python version and platform, every installed distribution with its version, and the content of files beside
the notebook that the code names or imports. Not in the key: environment variables, paths, the clock, and files that the code finds by
other means (a path put together at run time, a data base); such a step needs `cache:off`.
"""

from __future__ import annotations

import ast
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.submit.contract import DIGEST, ENCODING, Values
from jupyter_mlops.submit.digests import digest_of_file
from jupyter_mlops.submit.plan import digest_of_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_mlops.submit.plan import PlannedStep

SCHEMA = "nb2pipe.cache/1"
_HUGE_BYTES = 1 << 26


def cache_key(step: PlannedStep, inputs: Values, *, environment: str, files: Mapping[str, str]) -> str:
    """Make the key; `environment` is `environment_tag()`, `files` is `local_files(step, …)`."""
    artifacts = {
        port: [[item.digest, item.metadata.get(ENCODING), item.metadata.get(DIGEST) is not None] for item in items]
        for port, items in inputs.artifacts.items()
    }
    return digest_of_json(
        {
            "schema": SCHEMA,
            "command": step.command,
            "arguments": step.arguments,
            "parameters": inputs.parameters,
            "artifacts": artifacts,
            "outputs": {port: [output.artifact, output.parameter] for port, output in step.outputs.items()},
            "image": step.image,
            "variables": dict(step.environment),
            "environment": environment,
            "files": files,
        }
    ).removeprefix("sha256:")


def environment_tag(paths: Iterable[str] | None = None) -> str:
    """Digest the interpreter and the names (so the versions) of all installed distributions; it costs one folder listing each."""
    installed: set[str] = set()
    for path in sys.path if paths is None else paths:
        try:
            installed.update(entry.name for entry in Path(path).iterdir() if entry.name.endswith((".dist-info", ".egg-info")))
        except OSError:  # zip files and folders that are not there stand on sys.path too
            continue
    return digest_of_json([platform.python_version(), sys.implementation.cache_tag, sys.platform, platform.machine(), sorted(installed)])


def mentioned(step: PlannedStep) -> list[str]:
    """List what the step's code could read beside the notebook: its string constants, and the modules it imports."""
    return sorted({name for argument in step.arguments for name in _names(argument)})


def local_files(names: Iterable[str], directory: Path) -> dict[str, str]:
    """Find those of `names` that are files (or packages) below `directory`: name → digest.

    A step that reads `data.csv` runs again when the file has changed, although its code has not.
    """
    found: dict[str, str] = {}
    for name in names:
        path = directory / name
        try:
            if path.is_file() or (path / "__init__.py").is_file():
                found[name] = _fingerprint(path)
        except (OSError, ValueError):  # longer than a path may be, a null byte, no permission
            continue
    return found


def _fingerprint(path: Path) -> str:
    """Digest a file, or the modules of a package; a huge file by its size and time, since reading it would cost more than it saves."""
    if path.is_dir():
        return digest_of_json({str(module.relative_to(path)): digest_of_file(module) for module in sorted(path.rglob("*.py"))})
    status = path.stat()
    if status.st_size > _HUGE_BYTES:
        return f"{status.st_size} {status.st_mtime_ns}"
    return digest_of_file(path)


def _names(body: str) -> set[str]:
    """Names in one argument, if it is code."""
    if ("\n" not in body and " " not in body) or body.startswith('{"'):  # a name or a packed module, or JSON: step.json names the notebook
        return set()
    tree = _tree(body)
    names: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 256:
            names.add(node.value)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            tops = {module.split(".")[0] for module in modules} - {""}
            names |= tops | {f"{top}.py" for top in tops}
    return names


def _tree(body: str) -> ast.AST | None:
    """Parse code; lines of IPython are left out, which can only lose a file they name."""
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in body.split("\n"))
    for text in (body, plain):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None
