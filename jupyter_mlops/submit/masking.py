"""What a step prints, as it comes → the same without the values of its secrets.

A value is found as it is, as `repr` and JSON write it, and quoted as in an address; of a value of several lines each line is found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = b"***"
SHORTEST = 4
"""Characters; what is shorter would blot out half of a log and is guessed at once anyway."""


def masked(blocks: Iterable[bytes], secrets: Iterable[str]) -> Iterator[bytes]:
    """Give the blocks with each secret masked; where there are secrets, a line is held back until it is whole."""
    hidden = _pattern(secrets)
    if hidden is None:
        yield from blocks
        return
    rest = b""
    for block in blocks:
        whole = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        if whole:
            yield hidden.sub(MASK, rest + block[:whole])
            rest = b""
        rest += block[whole:]
    if rest:
        yield hidden.sub(MASK, rest)


def _pattern(secrets: Iterable[str]) -> re.Pattern[bytes] | None:
    lines = {line.strip() for secret in secrets for line in secret.splitlines()}
    forms = {form.encode("utf-8", "surrogateescape") for line in lines if len(line) >= SHORTEST for form in _forms(line)}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(b"|".join(map(re.escape, longest_first))) if forms else None


def _forms(line: str) -> Iterator[str]:
    import json
    from urllib.parse import quote

    yield line
    yield repr(line)[1:-1]
    yield json.dumps(line)[1:-1]
    yield quote(line, safe="", errors="surrogateescape")
