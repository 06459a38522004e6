"""What is wrong with a KFP document, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that KFP would refuse, or would run differently from what the document says.

    `path` leads to the place in the documents: field names and keys with dots, indices in brackets.
    """

    path: str
    kind: str
    message: str
