"""The bytes of an artifact → its digest, by the one function that the step runtime uses for `nb2pipe_digest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def digest_of_tree(root: Path) -> str | None:
    """Digest a folder; a file is digested as the folder that holds only it; None when there is nothing at `root`."""
    from jupyter_mlops.runtime.artifacts import digest

    if root.is_dir():
        return digest(str(root))
    return digest_of_file(root) if root.is_file() else None


def digest_of_file(path: Path) -> str:
    """Digest the content of one file."""
    import hashlib

    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
