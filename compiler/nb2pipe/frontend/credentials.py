"""The text of a cell → the passwords and keys that stand in it, never repeated in a message."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.catalogue import make
from nb2pipe.source import Pos, Span, column_of_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.notebook import Cell

SHAPES = r"""(?x)
    (?P<aws> \b(?:AKIA|ASIA)[0-9A-Z]{16}\b)
  | (?P<github> \bgh[pousr]_[A-Za-z0-9]{30,}\b | \bgithub_pat_[A-Za-z0-9_]{22,}\b)
  | (?P<gitlab> \bglpat-[A-Za-z0-9_-]{20,})
  | (?P<slack> \bxox[abeprs]-[A-Za-z0-9-]{10,})
  | (?P<google> \bAIza[0-9A-Za-z_-]{35}\b)
  | (?P<huggingface> \bhf_[A-Za-z0-9]{30,}\b)
  | (?P<openai> \bsk-[A-Za-z0-9_-]{20,})
  | (?P<private> -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----)
  | (?P<jwt> \beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})
  | ://[^\s/:@'"{}$]+:(?P<url> [^\s/:@'"{}$]{3,})@
"""
HINT = r"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|AIza|hf_|sk-|PRIVATE KEY|eyJ|://[^\s/@]*:[^\s/@]*@"
KINDS = {
    "aws": "an AWS access key",
    "github": "a GitHub token",
    "gitlab": "a GitLab token",
    "slack": "a Slack token",
    "google": "a Google API key",
    "huggingface": "a Hugging Face token",
    "openai": "an API key",
    "private": "a private key",
    "jwt": "a signed token",
    "url": "a password in an address",
}
NAMED = (
    r"(?i)(?:^|_)(?:password|passwd|passphrase|pwd|secret|secret_?key|access_?key|api_?key|private_?key|auth_?token|access_?token|token)$"
)
PLACEHOLDER = r"(?i)[<\[{(%$*x.•-].*|.*(?:your|change|example|placeholder|dummy|secret|password|token|todo|none|null|test).*|(.)\1*"


def find_secrets(cell: Cell) -> Iterator[Diagnostic]:
    """Find texts with the shape of a known key anywhere in a cell, and literals under a name such as `password`."""
    taken: set[tuple[int, int]] = set()
    if re.search(HINT, cell.source):
        for match in re.finditer(SHAPES, cell.source):
            kind = match.lastgroup or "url"
            start, end = match.span(kind)
            line = cell.source.count("\n", 0, start) + 1
            column = start - cell.source.rfind("\n", 0, start) - 1
            taken.add((line, column))
            yield make("NB305", name=KINDS[kind]).at(Span(cell.id, Pos(line, column), Pos(line, column + end - start)))
    if cell.tree is None or not re.search(r"(?i)passw|passphrase|pwd|secret|key|token", cell.source):
        return
    lines = cell.analysed.split("\n")
    for name, node in _named_literals(cell.tree):
        line, column = node.lineno, column_of_utf8(lines[node.lineno - 1], node.col_offset)
        last = column_of_utf8(lines[(node.end_lineno or line) - 1], node.end_col_offset or 0)
        if any(where == line and column <= at <= last for where, at in taken):
            continue
        yield make("NB305", name=f"the value of `{name}`").at(Span(cell.id, Pos(line, column), Pos(node.end_lineno or line, last)))


def _named_literals(tree: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    """Find names that promise a secret, with the literal that they get."""
    pairs: list[tuple[str, ast.expr | None]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                pairs += [(_name(target), value) for target in targets]
            case ast.AnnAssign(target=target, value=value):
                pairs.append((_name(target), value))
            case ast.keyword(arg=str(name), value=value):
                pairs.append((name, value))
            case ast.Dict(keys=keys, values=values):
                pairs += [(_text(key) or "", value) for key, value in zip(keys, values, strict=True)]
            case _:
                pass
    for name, value in pairs:
        text = _text(value)
        if text and isinstance(value, ast.Constant) and re.search(NAMED, name) and _is_secret(name, text):
            yield name, value


def _is_secret(name: str, text: str) -> bool:
    """Tell a secret from a word: a token is long and without blanks, since `token` also means a word of a text."""
    if len(text) < (16 if name.lower().endswith("token") else 4) or " " in text or "\n" in text:
        return False
    return not re.fullmatch(PLACEHOLDER, text)


def _name(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
