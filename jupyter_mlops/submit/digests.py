"""The bytes of an artifact → its digest, the one that the step runtime reports as `nb2pipe_digest`.

`sha256:` over every regular file in the order of its relative path: the length of the path, the path, the length of the file, its bytes.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def digest_of_tree(root: Path) -> str | None:
    """Digest a folder (or a single file); None when there is nothing at `root`."""
    if not root.exists():
        return None
    sha = hashlib.sha256()
    for relative, path in _files(root):
        name = relative.encode("utf-8", "surrogateescape")
        sha.update(len(name).to_bytes(8, "big") + name + path.stat().st_size.to_bytes(8, "big"))
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                sha.update(block)
    return "sha256:" + sha.hexdigest()


def _files(root: Path) -> list[tuple[str, Path]]:
    if not root.is_dir():
        return [("", root)]
    found = []
    for folder, _, files in os.walk(root):
        for file in files:
            path = Path(folder, file)
            found.append((path.relative_to(root).as_posix(), path))
    return sorted(found)
