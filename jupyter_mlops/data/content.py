"""Files of a data set → one digest of their content, and copies kept by digest.

One file: the SHA-256 of its bytes. More: the SHA-256 of the lines ``path NUL hex LF``, sorted by path, paths relative to the place that was
asked for. Files whose name begins with `.` or `_` are not data, as Spark and Arrow have it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.place import home

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK_BYTES = 1 << 20


class Item(NamedTuple):
    """One file: its name within the data set, where it lies here, its SHA-256 in hexadecimal, its size, its version where the store has them."""

    name: str
    local: Path
    sha256: str
    size_bytes: int
    version: str = ""


def digest_of_items(items: Iterable[Item]) -> str:
    """Join the digests of files into one, ``sha256:…``."""
    listed = sorted(items)
    if len(listed) == 1:
        return f"sha256:{listed[0].sha256}"
    whole = hashlib.sha256()
    for item in listed:
        whole.update(f"{item.name}\0{item.sha256}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def is_data(name: str) -> bool:
    """Tell whether a file in a folder is data: no part of its name is hidden."""
    return not any(part.startswith((".", "_")) and "=" not in part for part in name.split("/"))


def read_here(path: Path, name: str) -> Item:
    """Take the digest of a file on this machine."""
    with path.open("rb") as file:
        return Item(name, path, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def fetch(system: Any, path: str, name: str, *, address: str, version: str = "", reading: dict[str, Any] | None = None) -> Item:
    """Copy a remote file here, or find the copy that was made of this very version of it.

    A copy is found by what the store says identifies the content (its ETag, version or MD5), and its bytes are always checked against its
    digest: a damaged copy is made again.
    """
    mark = _mark(system.info(path, **(reading or {})), version)
    note = home() / "data" / "index" / f"{hashlib.sha256(f'{address} {name} {mark}'.encode()).hexdigest()}.json"
    if mark:
        known = _copy_of(note, name)
        if known:
            return known._replace(version=version or known.version)
    item = _download(system, path, name, reading or {})._replace(version=version or _version(system.info(path, **(reading or {}))))
    if mark:
        _replace(note, json.dumps({"sha256": item.sha256, "file": item.local.name, "version": item.version}).encode())
    return item


def _mark(info: dict[str, Any], version: str) -> str:
    """Give what identifies the content of a remote file; "" when the store says nothing that does."""
    marks = [str(info[key]) for key in ("ETag", "etag", "VersionId", "generation", "md5Hash", "crc32c") if info.get(key)]
    return " ".join([*marks, version, str(info.get("size"))]) if marks else ""


def _version(info: dict[str, Any]) -> str:
    found = info.get("VersionId") or info.get("generation") or ""
    return "" if found == "null" else str(found)


def _copy_of(note: Path, name: str) -> Item | None:
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        item = read_here(folder_of(kept["sha256"]) / kept["file"], name)
    except (OSError, ValueError, KeyError):
        return None
    return item._replace(version=kept.get("version", "")) if item.sha256 == kept["sha256"] else None


def folder_of(sha256: str) -> Path:
    """Give the folder in which a copy with this digest lies."""
    return home() / "data" / "sha256" / sha256[:2] / sha256


def _download(system: Any, path: str, name: str, reading: dict[str, Any]) -> Item:
    partial = home() / "data" / f".partial-{os.getpid()}-{threading.get_ident():x}"
    partial.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with system.open(path, "rb", **reading) as source, partial.open("wb") as target:
            while block := source.read(CHUNK_BYTES):
                digest.update(block)
                size += target.write(block)
        return _keep(partial, Item(name, partial, digest.hexdigest(), size))
    finally:
        partial.unlink(missing_ok=True)


def _keep(partial: Path, item: Item) -> Item:
    """Move a finished copy to its place, read-only: a reader sees all of it or nothing."""
    place = folder_of(item.sha256) / Path(item.name).name
    place.parent.mkdir(parents=True, exist_ok=True)
    partial.chmod(0o444)
    partial.replace(place)
    return item._replace(local=place)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident():x}")
    partial.write_bytes(content)
    partial.replace(path)


def root_of(items: Sequence[Item]) -> Path:
    """Give the folder under which all files lie by their names: where they are, or one of links made for it."""
    root = items[0].local
    for _ in items[0].name.split("/"):
        root = root.parent
    if all(item.local == root / item.name for item in items):
        return root
    return _tree_of(items, digest_of_items(items))


def _tree_of(items: Iterable[Item], digest: str) -> Path:
    """Make a folder that holds all files of a data set under their names, by links where the file system has them."""
    tree = home() / "data" / "trees" / digest.replace(":", "-")
    if tree.is_dir():
        return tree
    partial = tree.with_name(f".{tree.name}.{os.getpid()}-{threading.get_ident():x}")
    for item in items:
        target = partial / item.name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(item.local, target)
        except OSError:  # another file system
            import shutil

            shutil.copyfile(item.local, target)
    try:
        partial.replace(tree)
    except OSError:  # another process was quicker
        import shutil

        shutil.rmtree(partial)
    return tree
