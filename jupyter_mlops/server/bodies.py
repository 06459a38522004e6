"""The bytes of a request → JSON that the schema allows."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.context import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BYTES = 32 * 2**20
"""A larger body is refused: no notebook's source is that long, outputs are not sent."""

SCHEMA = Path(__file__).with_name("schemas") / "api.json"


def read_body(content: bytes, definition: str) -> Any:
    """Read a request.

    Raises
    ------
    Refused
        When it is too long, no JSON, or not what the definition says.
    """
    from fastjsonschema import JsonSchemaValueException

    if len(content) > MOST_BYTES:
        raise Refused(413, f"the request has {len(content)} bytes; {MOST_BYTES} are taken")
    try:
        body = json.loads(content or b"null", parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise Refused(400, "the request is no JSON") from None
    try:
        _check_of(definition)(body)
    except (JsonSchemaValueException, RecursionError) as error:
        raise Refused(400, f"the request is not a `{definition}`: {str(getattr(error, 'message', error))[:200]}") from None
    return body


def _no_json(constant: str) -> None:
    """Refuse `NaN` and `Infinity`, which Python reads, and no browser would read in an answer."""
    raise ValueError(constant)


@functools.cache
def _check_of(definition: str) -> Callable[[object], object]:
    """Compile what checks one definition; ten times as fast as walking the schema, and a keystroke waits for it."""
    import fastjsonschema

    document = json.loads(SCHEMA.read_text(encoding="utf-8"))
    checks: Callable[[object], object] = fastjsonschema.compile(
        {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": f"#/$defs/{definition}", "$defs": document["$defs"]},
        use_default=False,
    )
    return checks
