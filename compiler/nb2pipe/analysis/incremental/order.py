"""Numbers that keep things in order while others are put between them, and which things have kept their order."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from nb2pipe.source import CellId

CELL_BITS = 64  # for the statements in a cell


class NoRoomError(Exception):
    """No number is left between two others."""


def between(low: int, high: int, step: int, taken: Container[int]) -> int:
    """Choose a whole number between two others, not far above the lower one and not among those that are `taken`.

    Raises
    ------
    NoRoomError
        When there is none.
    """
    if high - low < 2:
        raise NoRoomError
    found = low + min((high - low) // 2, step)
    return between(found, high, step, taken) if found in taken else found


def in_order(ids: Sequence[CellId], place: dict[CellId, int]) -> list[CellId]:
    """Return a longest part of `ids` whose places grow (patience sorting): these cells have not moved."""
    tops: list[int] = []
    piles: list[tuple[CellId, int]] = []  # id and the index in `piles` of its predecessor
    ends: list[int] = []
    for each in ids:
        at = bisect_left(tops, place[each])
        piles.append((each, ends[at - 1] if at else -1))
        tops[at : at + 1] = [place[each]]
        ends[at : at + 1] = [len(piles) - 1]
    found: list[CellId] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        each, at = piles[at]
        found.append(each)
    return found[::-1]
