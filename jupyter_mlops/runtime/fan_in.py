"""The values that the iterations of a fan-out left → what the notebook's own loop would have left."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def gather(pieces: list[dict[str, Any]], names: list[str], collect: str) -> dict[str, Any]:
    """Join lists or dicts in order, or take the last value; of no iterations nothing is left but an empty list or dict."""
    if collect == "last":
        return pieces[-1] if pieces else {}
    values: dict[str, Any] = {}
    for name in names:
        values[name] = {} if collect == "merge" else []
        for piece in pieces:
            if collect == "merge":
                values[name].update(piece[name])
            else:
                values[name] += piece[name]
    return values
