"""A word and a list of words → the one that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Find the word that one slip of the keyboard away, or two in a long word; the first of equals, None when all are far.

    A word that begins with another letter is taken for another word, unless its first two letters are swapped.
    """
    best, best_distance = None, (2 if len(word) > 5 else 1) + 1
    for candidate in words:
        if word[:1] == candidate[:1] or word[1::-1] == candidate[:2]:
            distance = _distance(word, candidate, best_distance)
            if distance < best_distance:
                best, best_distance = candidate, distance
    return best


def _distance(one: str, other: str, limit: int) -> int:
    """Count insertions, deletions, replacements and swaps of neighbours (optimal string alignment), up to `limit`."""
    if abs(len(one) - len(other)) >= limit:
        return limit
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
