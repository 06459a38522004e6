"""The files of a project → a folder, whole or not at all.

A list of the files with their digests stays in the folder: what somebody wrote or changed there is never written over.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.ir.bundle import GeneratedFile

MANIFEST = ".nb2pipe-export.json"
CACHES = frozenset("__pycache__ .pytest_cache .ruff_cache .mypy_cache".split())


def write_project(files: Sequence[GeneratedFile], directory: str) -> tuple[str, ...]:
    """Write a project into a new or empty folder, or over what an export wrote there before.

    Returns
    -------
    tuple of str
        The files, relative to the folder.

    Raises
    ------
    Nb2PipeError
        When the folder holds anything else, or cannot be written.
    """
    target = Path(directory)
    foreign = _foreign(target)
    if foreign:
        raise Nb2PipeError(
            f"`{directory}` holds `{foreign[0]}`, which no export wrote as it is now",
            hint="choose a new folder with -o, or move your changes away",
        )
    digests = {file.path: hashlib.sha256(file.text.encode()).hexdigest() for file in files}
    manifest = json.dumps({"schema": "nb2pipe.export/1", "files": digests}, indent=2) + "\n"
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent))
        try:
            made.chmod(0o777 & ~_umask())
            for path, text in [*((file.path, file.text) for file in files), (MANIFEST, manifest)]:
                place = made / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="\n")
            _replace(target, made)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise Nb2PipeError(
            f"cannot write `{directory}`: {(error.strerror or str(error)).lower()}", hint="choose another folder with -o"
        ) from error
    return tuple(digests)


def _foreign(target: Path) -> list[str]:
    """List what in a folder no export wrote, or what was changed since."""
    if not target.exists() and not target.is_symlink():
        return []
    if not target.is_dir() or target.is_symlink():
        return [target.name]
    try:
        known: dict[str, str] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        known = {}
    found = []
    for folder, names, files in os.walk(target):
        names[:] = sorted(name for name in names if name not in CACHES)
        for name in sorted(files):
            path = Path(folder, name)
            relative = path.relative_to(target).as_posix()
            if relative != MANIFEST and (path.is_symlink() or known.get(relative) != hashlib.sha256(path.read_bytes()).hexdigest()):
                found.append(relative)
    return found


def _replace(target: Path, made: Path) -> None:
    """Put the new folder in the place of the old one; if that fails the old one stands there again."""
    if not target.exists():
        made.rename(target)
        return
    old = made.with_suffix(".old")
    target.rename(old)
    try:
        made.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
