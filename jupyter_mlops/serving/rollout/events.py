"""The vocabulary of a rollout: its stages, what may happen to it, and what a change is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S")


class Stage(Enum):
    """How a version of a model stands."""

    DRAFT = "DRAFT"
    GATED = "GATED"
    SHADOW = "SHADOW"
    CANARY = "CANARY"
    BAKING = "BAKING"
    STABLE = "STABLE"
    SUPERSEDED = "SUPERSEDED"
    HELD = "HELD"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"


class Finding(Enum):
    """What all evidence together says of a candidate."""

    HARM = "harm"
    GOOD = "good"
    UNCLEAR = "unclear"
    SILENT = "silent"


class Drafted(NamedTuple):
    """A version is to be deployed; `person` is "" when a program asks."""

    at: float
    version: str
    person: str = ""


class Gated(NamedTuple):
    """Its gate has judged it (or none was asked for, which is `passed` too)."""

    at: float
    passed: bool
    evidence: Mapping[str, Any] = {}


class Smoked(NamedTuple):
    """Its smoke request was answered, rightly or not."""

    at: float
    passed: bool
    evidence: Mapping[str, Any] = {}


class Judged(NamedTuple):
    """An analysis interval passed; `newest` is the time of the newest request of the candidate that was measured (−∞ for none)."""

    at: float
    finding: Finding
    newest: float
    reason: str = ""
    evidence: Mapping[str, Any] = {}


class Asked(NamedTuple):
    """A person asked for promote, pause, resume or rollback; `newest` as in `Judged`."""

    at: float
    command: str
    person: str
    newest: float = float("-inf")
    evidence: Mapping[str, Any] = {}


class Restored(NamedTuple):
    """Traffic and spec file are as they were before the rollout."""

    at: float
    evidence: Mapping[str, Any] = {}


Event = Drafted | Gated | Smoked | Judged | Asked | Restored


class Move(NamedTuple):
    """One change: it becomes one event in the log. `others` are versions besides the candidate that change their state with it."""

    from_state: str
    to: Stage
    version: str
    at: float
    reason: str
    evidence: Mapping[str, Any]
    others: tuple[tuple[str, Stage], ...] = ()


class Outcome(NamedTuple, Generic[S]):
    """What a step gives: the state after it, the change if there is one, and why there is none if one was asked for."""

    state: S
    move: Move | None = None
    refusal: str = ""
