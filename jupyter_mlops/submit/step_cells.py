"""A step of the plan → the cells it is made of, each with the digest of its source; sources are kept for the difference of two runs."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.sources import keep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_mlops.submit.plan import PlannedStep

_SCHEMA = '"schema":"nb2pipe.step/1"'
_ESCAPED = re.compile(r"(\{)~(?=~*\{)|(\$)~(?=~*[$(])")  # as in compiler/docs/step-json.md, "what is packed"


def cells_of(step: PlannedStep, home_folder: Path) -> list[dict[str, Any]]:
    """Take the cells out of a step's arguments; a step that nb2pipe did not compile has none.

    A cell of which the step uses only definitions is `shared`: its text differs from step to step.
    """
    document, body = _packed(step)
    if not document:
        return []
    lines = body.split("\n")
    texts: dict[int, list[str]] = {}
    own: set[int] = set()
    for chunk in document["chunks"]:
        part, lines = lines[: chunk["lines"]], lines[chunk["lines"] :]
        known, start = texts.setdefault(chunk["cell"], []), chunk["line"] - 1
        known += [""] * (start - len(known))
        known[start : start + len(part)] = part
        if chunk["kind"] == "cell":
            own.add(chunk["cell"])
    found = []
    for cell, text in sorted(texts.items()):
        source = "\n".join(text).strip("\n") + "\n"
        digest = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        keep(source, digest, home_folder=home_folder)
        one = {"notebook": document["notebook"], "cell": str(cell), "step": document["step"], "sourceDigest": f"sha256:{digest}"}
        found.append(one if cell in own else {**one, "shared": True})
    return found


def notebook_of(steps: Iterable[PlannedStep]) -> str:
    """Name the notebook that steps were compiled from; "" when nb2pipe did not compile them."""
    return next((str(document["notebook"]) for document, _ in map(_packed, steps) if document.get("notebook")), "")


def _packed(step: PlannedStep) -> tuple[dict[str, Any], str]:
    """The step.json of a step, and its source; empty when there is none."""
    index = next((at for at, word in enumerate(step.arguments) if word.startswith("{") and _SCHEMA in word[:100_000]), None)
    if index is None or index + 1 >= len(step.arguments):
        return {}, ""
    try:
        document: dict[str, Any] = json.loads(_ESCAPED.sub(r"\1\2", step.arguments[index]))
    except ValueError:
        return {}, ""
    return document, _ESCAPED.sub(r"\1\2", step.arguments[index + 1])
