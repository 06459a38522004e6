"""The rows of the serving database as values; `schema.sql` says what each field means."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Share(NamedTuple):
    """What part of a model's requests a version answers, or, with `shadow`, gets copies of."""

    version: str
    share: float
    shadow: bool = False


class Version(NamedTuple):
    """One version of a model: how it stands, where its SavedModel lies, whether its smoke request passed (None: not asked yet)."""

    version: str
    state: str
    source: str = ""
    digest: str = ""
    smoke: bool | None = None
    frozen: bool = False


class Transition(NamedTuple):
    """One change of state, with what was measured when it was decided. `sequence` is given by the database; `at` is seconds since 1970."""

    model: str
    at: float
    from_state: str
    to_state: str
    stage: str
    version: str
    reason: str
    evidence: dict[str, Any]
    sequence: int = 0


class Evidence(NamedTuple):
    """What one version did in one second of the server's clock; counts only, so that rows add up. `schema.sql` says what each means."""

    model: str
    version: str
    second: int
    requests: int = 0
    errors: int = 0
    latency_counts: Mapping[int, int] = {}
    prediction_counts: Mapping[str, int] = {}
    labels: int = 0
    label_score: float = 0.0
    compared: int = 0
    agreed: int = 0

    @staticmethod
    def read(row: Sequence[Any]) -> Evidence:
        """Read a row of the database."""
        latency = {int(key): count for key, count in json.loads(row[5]).items()}
        return Evidence._make((*row[:5], latency, json.loads(row[6]), *row[7:]))

    def plus(self, other: Evidence) -> Evidence:
        """Add counts of the same version; the second stays that of `self`."""
        return self._replace(
            requests=self.requests + other.requests,
            errors=self.errors + other.errors,
            latency_counts=dict(Counter(self.latency_counts) + Counter(other.latency_counts)),
            prediction_counts=dict(Counter(self.prediction_counts) + Counter(other.prediction_counts)),
            labels=self.labels + other.labels,
            label_score=self.label_score + other.label_score,
            compared=self.compared + other.compared,
            agreed=self.agreed + other.agreed,
        )


class Truth(NamedTuple):
    """What turned out to be true of one answer; `schema.sql` says what each field means."""

    prediction_id: str
    truth: float | str
    span: float | None = None
    output: str = ""
    at: float = 0.0


class Command(NamedTuple):
    """What a person asked for: promote, pause, resume or rollback."""

    sequence: int
    model: str
    command: str
    person: str
    at: float


class Rollout(NamedTuple):
    """A rollout as its controller left it, as JSON values; `reported` is the last transition whose effects outside the database are done."""

    model: str
    state: dict[str, Any]
    spec: dict[str, Any]
    reported: int


def latency_bin(microseconds: float) -> int:
    """Name the histogram bin of a latency: b = ⌊8 · log₂ µs⌋, so that bins are 9 % wide; what is below one microsecond is bin 0."""
    return math.floor(8 * math.log2(microseconds)) if microseconds > 1 else 0
