"""Text → text that no template engine on the way to a step will touch, and back.

Argo evaluates every ``{{…}}`` in a container's arguments, and the kubelet turns ``$$`` into ``$`` and ``$(NAME)`` into the value of a
variable.  So a tilde is put between the two characters of every ``{{``, ``$$`` and ``$(``; where tildes already stand between
them, there is one more.  Nothing else changes, and taking one tilde out again gives exactly the old text.
"""

from __future__ import annotations

import re

_PAIR = re.compile(r"\{(?=~*\{)|\$(?=~*[$(])")
_ESCAPED = re.compile(r"(\{)~(?=~*\{)|(\$)~(?=~*[$(])")


def escape(text: str) -> str:
    """Write ``{{`` as ``{~{``, ``$$`` as ``$~$`` and ``$(`` as ``$~(``, and whatever looks escaped with one tilde more.

    Examples
    --------
    >>> escape("{{x}} costs $(PRICE)")
    '{~{x}} costs $~(PRICE)'
    >>> escape("{~{")
    '{~~{'
    """
    return _PAIR.sub(r"\g<0>~", text)


def unescape(text: str) -> str:
    """Take the tildes of `escape` out again.

    Examples
    --------
    >>> unescape(escape("{{x}} and {~{"))
    '{{x}} and {~{'
    """
    return _ESCAPED.sub(r"\1\2", text)


def escape_value(value: object) -> object:
    """Escape every string in a JSON value, keys of objects too, at any depth.

    Examples
    --------
    >>> escape_value({"a": ["{{", 1, None]})
    {'a': ['{~{', 1, None]}
    """
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, list):
        return [escape_value(item) for item in value]
    if isinstance(value, dict):
        return {escape_value(key): escape_value(item) for key, item in value.items()}
    return value


def unescape_value(value: object) -> object:
    """Undo `escape_value`.

    Examples
    --------
    >>> unescape_value(escape_value({"a": ["{{", 1, None]}))
    {'a': ['{{', 1, None]}
    """
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, list):
        return [unescape_value(item) for item in value]
    if isinstance(value, dict):
        return {unescape_value(key): unescape_value(item) for key, item in value.items()}
    return value
