"""Cells in a row → where steps begin: the division with the highest score, by dynamic programming over contiguous cuts.

The score of a division is, over its steps and borders,

    Σ heading(border) − Σ mixed(step) − Σ crossing(step) − price(number of borders)

where `heading` is what the heading above a border is worth, `mixed` what changes of role inside a step cost, and `crossing` what the values cost
that the step receives, each once. With best(k, j) the highest score of the first j cells in k steps,

    best(k, j) = max over i < j of best(k − 1, i) + heading(i) − mixed(i, j) − crossing(i, j)

which is O(n²) for the costs and O(k·n²) for the division, over at most `PLACES` places where a step may begin at all. Ties go to fewer steps, then to
earlier borders, so that the same notebook always gets the same proposal.

Source: Bellman and Roth, Curve fitting by segmented straight lines, J. Amer. Statist. Assoc. 64 (1969), for the recurrence.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nb2pipe.propose.roles import Role
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.propose.flows import Read

STEPS = 14
"""More steps than this are never proposed, unless tags ask for them."""

PLACES = 100
"""How many places are tried as borders; in longer notebooks the ones with the highest local gain."""

USUAL, PRICE, SURCHARGE = 6, 1.5, 0.5
"""Up to `USUAL` borders cost `PRICE` each; each further one costs `SURCHARGE` more than the one before."""

GROUPS: dict[Role, str] = {
    Role.LOAD: "load",
    Role.VALIDATE: "validate",
    Role.PREPARE: "prepare",
    Role.FEATURES: "prepare",
    Role.SPLIT: "prepare",
    Role.TRAIN: "train",
    Role.TUNE: "train",
    Role.EVALUATE: "evaluate",
    Role.PREDICT: "evaluate",
    Role.GATE: "gate",
    Role.DEPLOY: "deploy",
    Role.SAVE: "save",
    Role.MONITOR: "monitor",
}
"""Roles that people keep in one step. Cells of other roles, or none, go with either neighbour."""

CHANGES = {
    ("load", "prepare"): 1.3,
    ("prepare", "load"): 0.8,
    ("train", "load"): 1.3,
    ("load", "train"): 2.0,
    ("prepare", "train"): 2.2,
    ("train", "prepare"): 1.0,
    ("evaluate", "prepare"): 1.0,
    ("train", "evaluate"): 2.0,
    ("evaluate", "train"): 1.4,
    ("load", "evaluate"): 1.3,
    ("prepare", "evaluate"): 1.3,
}
"""What it costs to have both in one step, first one then the other."""

OTHER_CHANGE, TO_SAVE, FROM_SAVE, TO_GATE = 1.8, 0.6, 0.8, 3.0

SECOND_FIT, BIG_FIT = 0.8, 1.3
"""What a further training costs in one step, and by how much more a training on big resources minds work of another kind beside it."""

ORDINARY = 0.5
"""Values that cost more are counted in full."""

IDLE = 4.0
"""What a step costs whose cells only import, define and name constants: they need no step."""

MOST_FITS = 4
"""From so many trainings on, the step is one that tries models out, and a further one costs nothing."""


@record(kw_only=True)
class Place:
    """One cell as the division sees it: `heading` is what a border before it is worth, `begins` and `continues` are demands of its tags."""

    role: Role | None
    reads: Sequence[Read]
    works: bool = True
    fits: bool = False
    big: bool = False
    heading: float = 0.0
    begins: bool = False
    continues: bool = False


def divide(places: Sequence[Place]) -> list[int]:
    """Return where steps begin, 0 included; empty for no cells."""
    if not places:
        return []
    borders = _borders(places)
    costs = _costs(places, borders)
    count = len(borders)
    ends = [*borders[1:], len(places)]
    forced = [at for at, start in enumerate(borders) if places[start].begins and at]
    limit = min(count, max(STEPS, len(forced) + 1))
    floor = [-1] * (count + 1)  # the last demanded border before each end: a step must not reach over it
    for end in range(1, count + 1):
        floor[end] = max((at for at in forced if at < end), default=0)
    best: list[list[tuple[float, int] | None]] = [[None] * (count + 1) for _ in range(limit + 1)]
    best[0][0] = (0.0, 0)
    for steps in range(1, limit + 1):
        for end in range(1, count + 1):
            found: tuple[float, int] | None = None
            for start in range(floor[end], end):
                before = best[steps - 1][start]
                if before is not None:
                    score = before[0] + (places[borders[start]].heading if start else 0.0) - costs[start][end - start - 1]
                    if found is None or score > found[0] + 1e-9:
                        found = (score, start)
            best[steps][end] = found
    return [borders[at] for at in _best(best, count, limit)] if ends else []


def _best(best: list[list[tuple[float, int] | None]], count: int, limit: int) -> list[int]:
    """Choose the number of steps and walk back through the table."""
    chosen, top = 0, float("-inf")
    for steps in range(1, limit + 1):
        entry = best[steps][count]
        if entry is not None and entry[0] - price(steps - 1) > top + 1e-9:
            chosen, top = steps, entry[0] - price(steps - 1)
    starts: list[int] = []
    end = count
    for steps in range(chosen, 0, -1):
        entry = best[steps][end]
        assert entry is not None
        end = entry[1]
        starts.append(end)
    return starts[::-1]


def price(borders: int) -> float:
    """Return what so many borders cost."""
    extra = max(0, borders - USUAL)
    return PRICE * borders + SURCHARGE * extra * (extra + 1) / 2


def _borders(places: Sequence[Place]) -> list[int]:
    """Return where a step may begin: everywhere, or in long notebooks where most speaks for it."""
    free = [at for at, place in enumerate(places) if at == 0 or not place.continues]
    if len(free) <= PLACES:
        return free
    gains = [place.heading + turn for place, turn in zip(places, turns(places), strict=True)]
    chosen = sorted(free[1:], key=lambda at: (-gains[at], at))[: PLACES - 1]
    return [0, *sorted({*chosen, *(at for at in free[1:] if places[at].begins)})]


def change(before: str, after: str) -> float:
    """Return what it costs to have two different groups of roles in one step, one after the other."""
    if after == "gate":
        return TO_GATE
    if after == "save":
        return TO_SAVE
    return FROM_SAVE if before == "save" else CHANGES.get((before, after), OTHER_CHANGE)


def _costs(places: Sequence[Place], borders: Sequence[int]) -> list[list[float]]:
    """Return the cost of the step from each border to each later one: changes of role in it, and the values that it receives."""
    ends = [*borders[1:], len(places)]
    turn = turns(places)
    table: list[list[float]] = []
    for number, start in enumerate(borders):
        row: list[float] = []
        received: dict[str, float] = {}
        kinds = Mixed()
        at = start
        for end in ends[number:]:
            for index in range(at, end):
                kinds.add(places[index], turn[index])
                for read in places[index].reads:
                    if read.producer < start:
                        received[read.name] = max(received.get(read.name, 0.0), read.cost)
            at = end
            row.append(kinds.cost + crossing(received.values()))
        table.append(row)
    return table


def crossing(costs: Iterable[float]) -> float:
    """Return what the values cost that one step receives.

    Ordinary values cost less the more there are, s / (1 + s) for their sum s: the four parts of a split are handed over like one. What is no
    ordinary value counts in full.
    """
    known = list(costs)
    ordinary = sum(each for each in known if each <= ORDINARY)
    return ordinary / (1 + ordinary) + sum(each for each in known if each > ORDINARY)


class Mixed:
    """What the cells of one step cost for being of different kinds, added one by one."""

    def __init__(self) -> None:
        self.changes = 0.0
        self.begun = False
        self.works = False
        self.fits = 0
        self.big = False

    def add(self, place: Place, turn: float) -> None:
        """Add the next cell; `turn` is what the change to it from the last cell with a role costs."""
        self.changes += turn if self.begun else 0.0
        self.begun = self.begun or (place.role is not None and place.role in GROUPS)
        self.works = self.works or place.works
        self.fits += place.fits
        self.big = self.big or place.big

    @property
    def cost(self) -> float:
        """What it costs so far."""
        idle = 0.0 if self.works else IDLE
        return idle + self.changes * (BIG_FIT if self.big else 1) + SECOND_FIT * max(0, min(self.fits, MOST_FITS) - 1)


def turns(places: Sequence[Place]) -> list[float]:
    """Return for each cell what it costs to have it in one step with the cells of another group before it.

    A change that a notebook makes n times costs 1/√n each time: who trains and evaluates in turns does not want a step for each turn.
    """
    last: str | None = None
    pairs: list[tuple[str, str] | None] = []
    for place in places:
        group = GROUPS.get(place.role) if place.role else None
        pairs.append((last, group) if group is not None and last is not None and group != last else None)
        last = group or last
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        if pair is not None:
            counts[pair] = counts.get(pair, 0) + 1
    return [change(*pair) / math.sqrt(counts[pair]) if pair is not None else 0.0 for pair in pairs]
