"""Files and folders that appear whole or not at all: everything is made under a temporary name and renamed."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any


def write_json(path: Path, value: object) -> None:
    """Replace a file by JSON, atomically: a reader sees the old text or the new, and a kill leaves one of the two."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Replace a file, atomically."""
    temporary = path.with_name(f".{path.name}.{unique()}")
    try:
        temporary.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_json(path: Path) -> Any:
    """Read JSON; None when there is no such file or it is not JSON (a half-written file is as good as none)."""
    try:
        return json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError):
        return None


def unique() -> str:
    """A name that no other thread or living process uses."""
    return f"{os.getpid()}-{threading.get_ident():x}"


def link_tree(source: Path, target: Path) -> None:
    """Make `target` hold the files of `source`: by hard links where the file system has them, else by copies."""
    if not source.is_dir():
        _link(str(source), str(target))
        return
    target.mkdir()
    for root, folders, files in os.walk(source):
        here = target / Path(root).relative_to(source)
        for folder in folders:
            (here / folder).mkdir()
        for file in files:
            _link(f"{root}/{file}", str(here / file))


def seal_tree(root: Path) -> None:
    """Take the write permission from every file: an artifact never changes once its digest is known."""
    for folder, _, files in os.walk(root):
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)


def remove_tree(root: Path) -> None:
    """Delete a folder, whatever is in it; first under another name, so that a kill leaves no half of it in place."""
    if not root.exists() and not root.is_symlink():
        return
    doomed = root.with_name(f".{root.name}.{unique()}.old")
    try:
        root.rename(doomed)
    except OSError:
        doomed = root
    shutil.rmtree(doomed, ignore_errors=True)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system, too many links, or a file system without them
        shutil.copy2(source, target, follow_symlinks=False)
