"""Chunks of a column of categories → how often each occurs, with bounded memory, and how often one that is not listed can have occurred.

The most frequent categories are found in one pass by Misra and Gries's counters in the form that merges (Agarwal et al. 2013, "Mergeable
summaries"): when there are too many, the count of the first one too many is taken from all. What was taken is the honest bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CATEGORIES = 512
"""How many categories a profile keeps for each column."""


@dataclass(frozen=True)
class CategoricalSketch:
    """What is kept of a column of categories.

    Attributes
    ----------
    counts : mapping of str to int
        Kept categories, most frequent first, then by name. A count may be too small by `slack`, never too large.
    other : int
        Rows of all categories that are not kept.
    unlisted : int
        No category that is not kept occurs more often than this.
    slack : int
        How much any count may be too small; 0 when counted exactly.
    nulls : int
        Rows without a value.
    type : str
        The column's Arrow type.
    known : tuple of str
        Categories of the reference; they are always kept, and counted exactly.
    """

    counts: Mapping[str, int]
    other: int = 0
    unlisted: int = 0
    slack: int = 0
    nulls: int = 0
    type: str = "string"
    known: tuple[str, ...] = field(default=(), repr=False)

    family = "categorical"

    @property
    def values(self) -> int:
        """Rows that have a value."""
        return sum(self.counts.values()) + self.other

    @property
    def rows(self) -> int:
        """All rows."""
        return self.values + self.nulls

    @property
    def exact(self) -> bool:
        """Whether all categories are kept and counted exactly."""
        return not self.other and not self.slack

    @property
    def constant(self) -> bool:
        """Whether all values are the same one."""
        return self.values > 0 and not self.other and sum(count > 0 for count in self.counts.values()) == 1

    def merge(self, other: CategoricalSketch, *, most: int = CATEGORIES) -> CategoricalSketch:
        """Add the counts of another part of the data, and keep the `most` frequent."""
        total = self.values + other.values
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts.get(name, 0) + count
        slack = max(self.slack, self.unlisted) + max(other.slack, other.unlisted)
        known = self.known if self.known == other.known else ()
        return _keep(counts, total, slack, self.nulls + other.nulls, self.type, known, most)


def _keep(counts: dict[str, int], total: int, unlisted: int, nulls: int, kind: str, known: tuple[str, ...], most: int) -> CategoricalSketch:
    """Bring counters down to `most`, known categories apart."""
    kept = frozenset(known)
    free = sorted(((name, count) for name, count in counts.items() if name not in kept), key=lambda pair: (-pair[1], pair[0]))
    taken = free[most][1] if len(free) > most else 0
    listed = {name: counts.get(name, 0) for name in known} | {name: count - taken for name, count in free[:most] if count > taken}
    ordered = dict(sorted(listed.items(), key=lambda pair: (-pair[1], pair[0])))
    unlisted += taken
    return CategoricalSketch(ordered, total - sum(ordered.values()), unlisted, unlisted, nulls, kind, known)


class Counted(NamedTuple):
    """One chunk: its categories' counts, which may each be too small by `slack`, as may those left out; rows with a value; rows without."""

    counts: Mapping[str, int]
    slack: int
    values: int
    nulls: int


def sketch_categorical(chunks: Iterable[Counted], type: str, *, known: tuple[str, ...] = (), most: int = CATEGORIES) -> CategoricalSketch:  # noqa: A002 - Arrow's own word for it
    """Count a column in one pass with bounded memory.

    Parameters
    ----------
    chunks : iterable of Counted
        Known categories are in them exactly.
    type : str
        The column's Arrow type.
    known : tuple of str
        The reference's categories.
    most : int
        How many categories to keep beside the known ones.
    """
    counts: dict[str, int] = {}
    total = unlisted = nulls = 0
    for chunk in chunks:
        for name, count in chunk.counts.items():
            counts[name] = counts.get(name, 0) + count
        total, unlisted, nulls = total + chunk.values, unlisted + chunk.slack, nulls + chunk.nulls
        if len(counts) > 8 * most + len(known):
            less = _keep(counts, total, unlisted, nulls, type, known, most)
            counts, unlisted = dict(less.counts), less.unlisted
    return _keep(counts, total, unlisted, nulls, type, known, most)
