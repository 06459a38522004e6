"""Shares of traffic → the version that answers one request, without chance: exact shares, and the same key always meets the same version."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_mlops.serving.rollout.records import Share


class Shares(NamedTuple):
    """Who answers a model's requests: (version, share), newest first, shares summing to 1; and who gets copies of which share."""

    answering: tuple[tuple[int, float], ...] = ()
    shadows: tuple[tuple[int, float], ...] = ()


def read_shares(rows: Iterable[Share]) -> Shares:
    """Order the rows of the database: the newest version first, so that a growing canary keeps the keys that it has."""
    rows = [row for row in rows if row.share > 0]
    answering = sorted(((int(row.version), row.share) for row in rows if not row.shadow), reverse=True)
    return Shares(tuple(answering), tuple(sorted((int(row.version), row.share) for row in rows if row.shadow)))


class Router:
    """Assigns requests of one model to versions.

    Without a key: each version earns its share at every request, and the one with the most credit answers and pays 1. After n requests a
    version with share s has answered n·s of them, give or take one; no random number is drawn.

    With a key (a user, a session): the key's hash in [0, 1) falls into the versions' shares laid side by side.
    """

    def __init__(self, model: str, shares: Shares) -> None:
        self.shares = shares
        self._model = model
        self._lock = threading.Lock()
        self._credit = dict.fromkeys((version for version, _ in shares.answering), 0.0)
        self._copies = dict.fromkeys((version for version, _ in shares.shadows), 0.0)

    def choose(self, key: str | None = None) -> int | None:
        """Name the version that answers the next request; None if nobody was given traffic."""
        answering = self.shares.answering
        if len(answering) <= 1:
            return answering[0][0] if answering else None
        if key is not None:
            return self._by_key(key)
        with self._lock:
            for version, share in answering:
                self._credit[version] += share
            chosen = max(answering, key=lambda item: self._credit[item[0]])[0]
            self._credit[chosen] -= 1
        return chosen

    def copies(self) -> list[int]:
        """Name the versions that get a copy of the next request."""
        if not self.shares.shadows:
            return []
        due = []
        with self._lock:
            for version, share in self.shares.shadows:
                self._copies[version] += share
                if self._copies[version] >= 1 - 1e-9:
                    self._copies[version] -= 1
                    due.append(version)
        return due

    def _by_key(self, key: str) -> int:
        digest = hashlib.sha256(f"{self._model}\0{key}".encode()).digest()
        place, border = int.from_bytes(digest[:8], "big") / 2**64, 0.0
        for version, share in self.shares.answering:
            border += share
            if place < border:
                return version
        return self.shares.answering[-1][0]  # rounding: shares sum to 1 within 1e-9
