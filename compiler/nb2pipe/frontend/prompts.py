"""A cell pasted with prompts or indentation → the same length, where form feeds make them void for Python."""

from __future__ import annotations

import re

PYTHON = r"[^\S\n]*(?:>>>|\.\.\.)(?: |(?=\n)|\Z)"
IPYTHON = r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |[^\S\n]*\.{3,}: ?"


def strip_prompts_and_indent(text: str) -> str:
    """Make prompts and common indentation void; the text itself when there is nothing to do.

    A form feed at the start of a line sets Python's count of the indentation back to zero.
    """
    first = text.lstrip("\n ").split("\n", 1)[0]
    prompt = PYTHON if re.match(PYTHON, first) else IPYTHON if re.match(IPYTHON, first) else None
    if prompt:
        return re.sub(rf"(?m)^(?:{prompt})", lambda found: _void(found[0]), text)
    margin = _margin(text)
    return re.sub(rf"(?m)^{margin}(?=[^\n])", lambda found: _void(found[0]), text) if margin else text


def _void(prefix: str) -> str:
    return " " * (len(prefix) - 1) + "\f" if prefix else ""


def _margin(text: str) -> str:
    """Find the blanks that all lines with something in them begin with."""
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in text.split("\n") if line.strip()]
    if not indents:
        return ""
    low, high = min(indents), max(indents)
    common = next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return low[:common]
