"""A text with URIs → the same text without the user names, passwords, tokens and signatures in them."""

from __future__ import annotations

import re

# `//user:password@` and `//token@`. A password may hold a slash (AWS keys do), unless what stands before it is a port.
_CREDENTIALS = re.compile(r"(?<=://)(?:[^/\s\"@]*|[^/\s\"@:]+:(?!\d+/)[^\s\"@]*)@")
_QUERY = re.compile(
    r"(?i)([?&;](?:[\w.%-]*(?:token|secret|password|passwd|signature|credential|api_?key|access_?key)[\w.%-]*|sig|pwd|key)=)[^&;\s\"#\\]+"
)


def redacted(text: str) -> str:
    """Take user names, passwords and secret parameters out of every URI in a text."""
    text = _CREDENTIALS.sub("", text) if "@" in text else text
    return _QUERY.sub(r"\1redacted", text) if "=" in text else text
