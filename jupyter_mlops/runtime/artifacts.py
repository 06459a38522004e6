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

    from .spec import Exchange, Port, Step


def receive(port: Port, exchange: Exchange) -> list[dict[str, Any]]:
    """Give the values of an input, one dict for each iteration of a fan-out."""
    given = exchange.take("input", exchange.artifacts, port["port"]).get("artifacts", [])
    return [load(local_path(artifact), artifact.get("metadata", {}), port["port"]) for artifact in given]


def send(port: Port, names: dict[str, Any], step: Step, exchange: Exchange) -> None:
    """Write an output."""
    found = {name: names[name] for name in port["names"] if name in names}
    exchange.send(port["port"], lambda path: save(found, path, port, step["pickle"] == "forbid"))


def save(values: dict[str, Any], path: str, port: Port, forbid: bool) -> dict[str, Any]:
    """Write the values of a port, at once, and give the artifact's metadata."""
    partial = path + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    encodings, apart = dict.fromkeys(port["names"], "unbound"), values
    if len(values) > 1:
        from .sharing import separate

        apart, joint = separate(values, encodings)
        if joint:
            write(joint, os.path.join(partial, serializers.JOINT), "pickle", forbid)
    for name, value in apart.items():
        encodings[name] = write(value, os.path.join(partial, name), port.get("encoding"), forbid, port.get("only"))
    metadata = {"nb2pipe_encoding": json.dumps(encodings), "nb2pipe_digest": digest(partial)}
    if port.get("artifact") == "Model" and values:
        metadata["framework"] = type(next(iter(values.values()))).__module__.partition(".")[0]
    shutil.rmtree(path, ignore_errors=True)
    os.replace(partial, path)
    return metadata


def write(value: Any, path: str, wanted: Optional[str], forbid: bool, only: Any = None) -> str:
    """Save one value with the first handler that can keep it, else as a sealed pickle, unless the pipeline forbids it."""
    for handler in [serializers.of_encoding(wanted)] if wanted else serializers.handlers(value, only):
        try:
            encoding: Any = getattr(handler, f"save_{wanted}", handler.save)(value, path)
        except (OSError, Failure):
            raise
        except Exception:  # the library cannot write this object after all
            encoding = None
        if encoding and wanted in (None, encoding) and not (forbid and encoding in serializers.SEALED):
            return encoding  # type: ignore[no-any-return]
        folder, name = os.path.split(path)
        for entry in os.scandir(folder):  # take away what the handler has left
            if entry.name.partition(".")[0] == name:
                (shutil.rmtree if entry.is_dir() else os.remove)(entry.path)
    reason = 'can only be pickled, and the pipeline says pickle = "forbid"' if forbid else f"cannot be stored as `{wanted}`"
    raise Failure("NB401", f"{serializers.title(value, path)} {reason}")


def load(path: str, metadata: dict[str, Any], port: str) -> dict[str, Any]:
    """Read the values of an artifact, none before its digest is verified."""
    stated = metadata.get("nb2pipe_digest")
    if not os.path.isdir(path):
        raise Failure("NB801", f"input `{port}` is not there")
    if "nb2pipe_encoding" not in metadata:
        raise Failure("NB802", f"input `{port}` does not say how it is encoded")
    if stated and digest(path) != stated:
        raise Failure("NB802", f"input `{port}` is not what the step before wrote: its digest differs")
    values: dict[str, Any] = {}
    for name, encoding in json.loads(metadata["nb2pipe_encoding"]).items():
        if encoding in serializers.CODE and not stated:
            raise Failure("NB802", f"input `{port}` is a {encoding} without a digest: reading it could run code")
        if encoding[0] == "=":
            values[name] = values[encoding[1:]]
        elif encoding != "unbound" and name not in values:
            file = os.path.join(path, serializers.JOINT if encoding == "joint" else name)
            found = serializers.of_encoding(encoding).load(encoding, file)
            values.update(found if encoding == "joint" else {name: found})
    return values


def digest(folder: str) -> str:
    """Hash a directory: of each file, sorted by relative path, the path, the size in bytes and the content."""
    hashed = hashlib.sha256()
    for name in sorted(os.path.relpath(os.path.join(root, name), folder) for root, _, names in os.walk(folder) for name in names):
        path = os.path.join(folder, name)
        hashed.update(f"{name}\0{os.path.getsize(path)}\0".encode("utf-8", "surrogateescape"))
        with open(path, "rb", 0) as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                hashed.update(block)
    return "sha256:" + hashed.hexdigest()
