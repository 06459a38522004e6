"""Training rows and the prediction log → the share of rows whose labels came out of the model's own decisions: a loop that feeds on itself.

A row that the model decided and no chance explored shows only what the model let happen (the loan that was not given never defaults).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.feedback.history import Labelled

MOST = 0.5
"""Share of influenced rows above which a policy warns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """Counts of training rows: all, those that the model itself decided, and of these those whose action was drawn at random."""

    rows: int
    decided: int
    explored: int

    @property
    def share(self) -> float:
        """Share of all rows that the model decided and nobody explored."""
        return (self.decided - self.explored) / self.rows if self.rows else 0.0

    @property
    def exploration(self) -> float:
        """Share of the decided rows that were explored."""
        return self.explored / self.decided if self.decided else 0.0

    def warning(self, most: float = MOST) -> str:
        """Say what is wrong, or ""."""
        if self.share <= most:
            return ""
        return (
            f"{self.share:.0%} of {self.rows:,} training rows were decided by the model itself and {self.exploration:.0%} of those explored: "
            "keep a random share of decisions, or weigh rows by the chance that they had"
        )


def influence(labelled: Iterable[Labelled], *, other_rows: int = 0) -> Influence:
    """Count the rows that a retraining would learn from.

    Parameters
    ----------
    labelled : iterable of Labelled
        Answers of the model whose labels became training rows.
    other_rows : int
        Training rows that no model had a hand in.

    Raises
    ------
    ValueError
        If `other_rows` is negative.
    """
    if other_rows < 0:
        raise ValueError(f"`other_rows` is {other_rows}; expected at least 0")
    rows = list(labelled)
    return Influence(rows=len(rows) + other_rows, decided=len(rows), explored=sum(each.explored for each in rows))
