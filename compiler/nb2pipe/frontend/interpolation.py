"""The text of a shell line or magic → the Python expressions that IPython fills into it: ``{expression}``, ``$name``, ``$name.part``.

IPython fills in all of them or, when one fails, none; ``{{`` and ``$$`` stand for themselves.
"""

from __future__ import annotations

import re

DOLLAR = r"\$(\$?[\w.]+)(?=(?:[^']*'[^']*')*[^']*$)"
Field = tuple[int, int]


def find_fields(text: str, start: int, end: int) -> list[Field] | None:
    """Find the expressions between two offsets, as offsets; None when IPython would leave the line as it is."""
    fields: list[Field] = []
    at = literal = start
    while at < end:
        if text[at] not in "{}":
            at += 1
            continue
        fields += _dollars(text, literal, at)
        if text.startswith(text[at] * 2, at, end):
            at += 2
        else:
            close = _close(text, at, end) if text[at] == "{" else None
            if close is None:
                return None
            fields.append((at + 1, _expression_end(text, at + 1, close)))
            at = close + 1
        literal = at
    return [*fields, *_dollars(text, literal, end)]


def _dollars(text: str, start: int, end: int) -> list[Field]:
    found = re.compile(DOLLAR).finditer(text[start:end])
    return [(start + match.start(1), start + match.end(1)) for match in found if not match[1].startswith("$")]


def _close(text: str, start: int, end: int) -> int | None:
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "{") - (text[at] == "}")
        if not depth:
            return at
    return None


def _expression_end(text: str, start: int, end: int) -> int:
    """Find where the conversion or format (``!r``, ``:.2f``) begins, outside of square brackets."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "[") - (text[at] == "]")
        if text[at] in "!:" and depth <= 0:
            return at
    return end
