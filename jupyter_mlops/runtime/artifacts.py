"""Values ↔ an artifact: a directory, its encodings and its digest.

A port that carries several names keeps the identity of what they share: names of one object are stored once, objects with common parts
in one pickle.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil

from . import serializers
from .spec import Failure, local_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .spec import Artifact, Port

_JOINT = "+joint"  # no Python name


def save(values: dict[str, Any], path: str, port: Port, forbid: bool) -> dict[str, Any]:
    """Write the values of a port, at once, and give the artifact's metadata."""
    partial = path.rstrip("/") + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    encodings = {name: "unbound" for name in port["names"]}
    first: dict[int, str] = {}
    for name, value in values.items():
        encodings[name] = "=" + first.setdefault(id(value), name)
    apart = {name: values[name] for name in first.values()}
    joint = []
    if len(apart) > 1:
        from .sharing import shared

        joint = shared(apart)
    if joint:
        write_pickle({name: apart.pop(name) for name in joint}, os.path.join(partial, _JOINT), forbid)
        encodings.update(dict.fromkeys(joint, "joint"))
    for name, value in apart.items():
        encodings[name] = write(value, os.path.join(partial, name), port.get("encoding"), forbid)
    metadata: dict[str, Any] = {"nb2pipe_encoding": json.dumps(encodings), "nb2pipe_digest": digest(partial)}
    if port.get("artifact") == "Model" and values:
        metadata["framework"] = type(next(iter(values.values()))).__module__.partition(".")[0]
    shutil.rmtree(path, ignore_errors=True)
    os.replace(partial, path)
    return metadata


def write(value: Any, path: str, wanted: Optional[str], forbid: bool) -> str:
    """Save one value with the first handler that can keep it, or as a sealed pickle."""
    if wanted not in (None, "pickle"):
        found = serializers.LOADERS.get(str(wanted))
        handler = serializers.handler(found) if found else None
        encoding = getattr(handler, f"save_{wanted}", handler.save)(value, path) if handler else None
        if encoding != wanted:
            raise Failure("NB401", f"`{os.path.basename(path)}` ({kind_of(value)}) cannot be stored as `{wanted}`")
        return str(wanted)
    if wanted is None:
        for handler in serializers.handlers(value):
            try:
                encoding = handler.save(value, path)
            except OSError:
                raise
            except Exception:  # the library cannot write this object after all
                encoding = None
            if encoding and not (forbid and encoding in serializers.SEALED):
                return str(encoding)
            remove(path)
    return write_pickle(value, path, forbid)


def remove(path: str) -> None:
    """Take away what a handler has left."""
    folder, name = os.path.split(path)
    for entry in os.listdir(folder):
        if entry.partition(".")[0] == name:
            leftover = os.path.join(folder, entry)
            shutil.rmtree(leftover) if os.path.isdir(leftover) else os.remove(leftover)


def write_pickle(value: Any, path: str, forbid: bool) -> str:
    """Save a value as a pickle, unless the pipeline forbids it."""
    if forbid:
        name = os.path.basename(path)
        what = f"`{name}` ({kind_of(value)})" if name != _JOINT else "`" + "`, `".join(value) + "` share parts and"
        raise Failure("NB401", f'{what} can only be pickled, and the pipeline says pickle = "forbid"')
    return str(serializers.handler("sealed").save(value, path))


def load(artifact: Artifact, port: str) -> dict[str, Any]:
    """Read the values of an artifact, none before its digest is verified."""
    path = local_path(artifact)
    metadata = artifact.get("metadata") or {}
    stated = metadata.get("nb2pipe_digest")
    if not os.path.isdir(path):
        raise Failure("NB801", f"input `{port}` is not there")
    if "nb2pipe_encoding" not in metadata:
        raise Failure("NB802", f"input `{port}` does not say how it is encoded: no step of this pipeline wrote it")
    if stated and digest(path) != stated:
        raise Failure("NB802", f"input `{port}` is not what the step before wrote: its digest differs from {stated}")
    encodings: dict[str, str] = json.loads(metadata["nb2pipe_encoding"])
    values: dict[str, Any] = {}
    for name, encoding in encodings.items():
        if encoding[:1] == "=" or encoding == "unbound":
            continue
        if encoding in serializers.SEALED and not stated:
            raise Failure("NB802", f"input `{port}` is a pickle without a digest: it is not read")
        if encoding not in serializers.LOADERS:
            raise Failure("NB802", f"input `{port}` is encoded as `{encoding}`, which this runtime does not know")
        if name not in values:
            handler = serializers.handler(serializers.LOADERS[encoding])
            try:
                found = handler.load(encoding, os.path.join(path, _JOINT if encoding == "joint" else name))
            except ImportError as error:
                raise Failure("NB802", f"input `{name}` is encoded as `{encoding}`, and the image lacks what reads it: {error}") from None
            values.update(found if encoding == "joint" else {name: found})
    values.update({name: values[encoding[1:]] for name, encoding in encodings.items() if encoding[:1] == "="})
    return values


def digest(folder: str) -> str:
    """Hash a directory: of each file, sorted by relative path, the path, the size in bytes and the content."""
    total, block = hashlib.sha256(), memoryview(bytearray(1 << 20))
    files = [os.path.relpath(os.path.join(root, name), folder) for root, _, names in os.walk(folder) for name in names]
    for name in sorted(files):
        path = os.path.join(folder, name)
        total.update(f"{name}\0{os.path.getsize(path)}\0".encode("utf-8", "surrogateescape"))
        with open(path, "rb", 0) as file:
            size = file.readinto(block)
            while size:
                total.update(block[:size])
                size = file.readinto(block)
    return "sha256:" + total.hexdigest()


def kind_of(value: Any) -> str:
    """Name the type of a value."""
    return f"{type(value).__module__}.{type(value).__qualname__}"
