"""A model's folder → the digest that seals it: what was gated is what is served."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_folder(folder: str | Path) -> str:
    """Compute SHA-256 over names, sizes and contents of all files, in the order of their names.

    Raises
    ------
    ValueError
        If the folder holds no file.
    """
    root = Path(folder)
    whole = hashlib.sha256()
    files = sorted((path.relative_to(root).as_posix(), path) for path in root.rglob("*") if path.is_file())
    if not files:
        raise ValueError("a model's folder holds no file")
    for name, path in files:
        whole.update(f"{name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()
