"""What is wrong with a KFP document, as values."""

from __future__ import annotations

from nb2pipe.record import record


@record(order=True)
class Problem:
    """One thing that KFP would refuse, or would run differently from what the document says.

    `path` leads to the place in the documents: field names and keys with dots, indices in brackets.
    """

    path: str
    kind: str
    message: str
