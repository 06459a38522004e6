"""The text of a cell → the requirements that it installs without an exact version.

Installers are read where they stand: `%pip` and `!pip` lines, `uv`, `conda` and `mamba`, shell cells, and the block of inline script
metadata (``# /// script``). A fix is offered when the notebook itself, or a lock file beside it, says which version was used.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Edit
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell

WORDS = r"\binstall\b|\buv add\b|\A\s*# /// script|\n# /// script"
COMMAND = r"""(?x) ^[^\S\n]* (?:[!%]+[^\S\n]*)? (?:sudo[^\S\n]+)?
    (?: (?:\{?sys\.executable\}?|python[\d.]*)[^\S\n]+-m[^\S\n]+ )?
    (?: (?:uv[^\S\n]+)?(?P<pip>pip)[\d.]*[^\S\n]+(?:-\S+[^\S\n]+)*install | uv[^\S\n]+(?P<uv>add) | (?P<conda>conda|mamba|micromamba)[^\S\n]+install )
    \b(?P<words>[^\n#;|&]*)"""
SHELL_CELL = r"\s*%%(?:bash|sh|script|!|sx|system)\b"
WORD = r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s\"']+)"
TAKES_VALUE = frozenset(
    """-r --requirement -c --constraint -e --editable -t --target --prefix --root --platform --python-version
    --trusted-host --channel -n --name -p --log --proxy --cache-dir --index -i --index-url
    -f --find-links
    --extra-index-url""".split()
)
REQUIREMENT = r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(\[[\w\s,.-]*\])?\s*((?:===?|~=|!=|<=?|>=?|=)[^;]*)?(?:;.*)?"
TOOLS = frozenset("pip setuptools wheel uv conda mamba".split())
"""Installers themselves: their version does not show in a result."""

SCRIPT = r"(?m)^# /// script$\n(?P<text>(?:^#(?: .*)?$\n?)+?)^# ///$"
LOCKS = ("requirements.lock", "requirements.txt", "constraints.txt", "uv.lock", "poetry.lock", "pylock.toml")


def find_unpinned(cell: Cell, path: str) -> Iterator[Diagnostic]:
    """Report each requirement without an exact version; `path` is the notebook's, for lock files beside it."""
    if not re.search(WORDS, cell.source):
        return
    known: Mapping[str, str] | None = None
    for start, text, conda in _requirements(cell.source):
        found = re.fullmatch(REQUIREMENT, text)
        if not found or (found[3] or "").startswith("==" if not conda else "=") or found[1].lower() in TOOLS:
            continue
        from nb2pipe.rules.nb501 import UnpinnedRequirement

        if known is None:
            known = {**locked_versions(os.path.dirname(path)), **dict(cell.installed)}  # noqa: PTH120 - pathlib costs start-up
        span = _span(cell, start, start + len(text))
        version = known.get(normal_name(found[1]))
        pinned = f"{found[1]}{found[2] or ''}{'=' if conda else '=='}{version}"
        edits = (Edit(span, pinned),) if version and ";" not in text else ()
        yield UnpinnedRequirement(requirement=text, pinned=pinned if version else f"{found[1]}==VERSION").at(span, edits=edits)


def requirements(source: str) -> list[str]:
    """List what a cell installs with pip or names in inline script metadata, as it is written there."""
    return (
        [text for _, text, conda in _requirements(source) if not conda and re.fullmatch(REQUIREMENT, text)]
        if re.search(WORDS, source)
        else []
    )


def installs(text: str) -> bool:
    """Tell whether a command installs packages."""
    return re.match(COMMAND, text) is not None


def installed_versions(outputs: str) -> tuple[tuple[str, str], ...]:
    """Read what an installer printed: the versions that it found or brought."""
    found = {}
    for match in re.finditer(r"Requirement already (?:satisfied|up-to-date): ([\w.-]+).*\(([^()\s]+)\)\s*$", outputs, re.MULTILINE):
        found[normal_name(match[1])] = match[2]
    for match in re.finditer(r"Successfully installed ([^\n]*)", outputs):
        for word in match[1].split():
            name, _, version = word.rpartition("-")
            if name and version[:1].isdigit():
                found[normal_name(name)] = version
    return tuple(sorted(found.items()))


def locked_versions(folder: str) -> dict[str, str]:
    """Read the exact versions of the lock files in a folder."""
    found: dict[str, str] = {}
    for name in LOCKS:
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:  # noqa: PTH118, PTH123 - pathlib costs start-up
                text = file.read()
        except (OSError, UnicodeDecodeError):
            continue
        shape = (
            r"name = \"([\w.-]+)\"\s+version = \"([^\"]+)\""
            if name.endswith((".toml", "uv.lock", "poetry.lock"))
            else r"^([\w.-]+)(?:\[.*\])?==([\w.!+-]+)"
        )
        for match in re.finditer(shape, text, re.MULTILINE):
            found.setdefault(normal_name(match[1]), match[2])
    return found


def normal_name(name: str) -> str:
    """Write the name of a distribution as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(source: str) -> Iterator[tuple[int, str, bool]]:
    """List the requirements in a cell: offset, text, and whether conda reads it."""
    shell = re.match(SHELL_CELL, source)
    for command in re.finditer(COMMAND, source, re.MULTILINE):
        if shell or command[0].lstrip()[:1] in "!%":
            yield from _words(command["words"], command.start("words"), conda=bool(command["conda"]))
    for script in re.finditer(SCRIPT, source):
        listed = re.search(r"(?s)dependencies = \[(.*?)\n?# \]|dependencies = \[([^\]\n]*)\]", script["text"])
        if listed:
            group = 1 if listed[1] is not None else 2
            base = script.start("text") + listed.start(group)
            for text in re.finditer(r"\"([^\"\n]+)\"|'([^'\n]+)'", listed[group]):
                yield base + text.start() + 1, text[0][1:-1], False


def _words(words: str, base: int, *, conda: bool) -> Iterator[tuple[int, str, bool]]:
    """List the words of a command that are requirements: no options, paths, addresses or variables."""
    skip = False
    for word in re.finditer(WORD, words):
        text, start = word[0], base + word.start()
        if text[:1] in "\"'":
            text, start = text[1:-1], start + 1
        if skip or text.startswith("-"):
            skip = not skip and (text in TAKES_VALUE or (conda and text == "-c"))
            continue
        if not re.search(r"[/\\${}<>@:*]|\.(?:whl|txt|zip|gz)$", re.sub(r"[<>]=?", "=", text)):
            yield start, text, conda


def _span(cell: Cell, start: int, end: int) -> Span:
    line = cell.source.count("\n", 0, start) + 1
    first = cell.source.rfind("\n", 0, start) + 1
    return Span(cell.id, Pos(line, start - first), Pos(line, end - first))
