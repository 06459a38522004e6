"""The division of cells into steps, without notebooks."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.propose.cuts import Mixed, Place, crossing, divide, price, turns
from nb2pipe.propose.flows import FORBIDDEN, Read
from nb2pipe.propose.roles import Role

ROLES = (None, Role.LOAD, Role.PREPARE, Role.TRAIN, Role.EVALUATE, Role.SAVE)


def score(places: list[Place], starts: list[int]) -> float:
    """Score a division as the module's formula says, step by step."""
    turn = turns(places)
    total = -price(len(starts) - 1)
    for start, end in zip(starts, [*starts[1:], len(places)], strict=True):
        mixed = Mixed()
        received: dict[str, float] = {}
        for at in range(start, end):
            mixed.add(places[at], turn[at])
            for read in places[at].reads:
                if read.producer < start:
                    received[read.name] = max(read.cost, received.get(read.name, 0.0))
        total += (places[start].heading if start else 0.0) - mixed.cost - crossing(received.values())
    return total


@st.composite
def rows(draw: st.DrawFn) -> list[Place]:
    """Up to seven cells with roles, headings and values."""
    found = []
    for at in range(draw(st.integers(1, 7))):
        producers = draw(st.lists(st.integers(0, at - 1), max_size=3, unique=True)) if at else []
        cost = draw(st.sampled_from((0.02, 0.25, 0.6, FORBIDDEN)))
        found.append(
            Place(
                role=draw(st.sampled_from(ROLES)),
                reads=[Read(f"x{each}", each, cost) for each in producers],
                works=draw(st.booleans()),
                fits=draw(st.booleans()),
                heading=draw(st.sampled_from((0.0, 0.1, 0.9, 2.0))),
                begins=draw(st.integers(0, 9)) == 0,
            )
        )
    return found


@given(rows())
@settings(max_examples=150, deadline=None)
def test_no_division_has_a_higher_score(places):
    """The dynamic program finds what trying all divisions finds."""
    forced = {at for at, place in enumerate(places) if place.begins and at}
    free = [at for at in range(1, len(places)) if at not in forced]
    every = [sorted({0, *forced, *chosen}) for count in range(len(free) + 1) for chosen in combinations(free, count)]
    found = divide(places)
    assert forced <= set(found)
    assert abs(score(places, found) - max(score(places, each) for each in every)) < 1e-6


def test_equal_divisions_are_decided_for_fewer_steps():
    """Without a reason to divide there is one step."""
    assert divide([Place(role=None, reads=())] * 5) == [0]


def test_what_is_nearly_forbidden_keeps_cells_together():
    """Not even a heading and another role separate a cell from the open file that it reads."""
    places = [
        Place(role=Role.LOAD, reads=()),
        Place(role=Role.TRAIN, reads=[Read("file", 0, FORBIDDEN)], heading=2.0),
        Place(role=Role.EVALUATE, reads=[Read("model", 1, 0.25)], heading=2.0),
    ]
    assert divide(places) == [0, 2]


def test_the_border_goes_where_least_crosses():
    """Of two places for a border between two roles the one with fewer values to hand over is taken."""
    places = [
        Place(role=Role.PREPARE, reads=()),
        Place(role=None, reads=[Read("a", 0, 0.25), Read("b", 0, 0.25)]),
        Place(role=Role.TRAIN, reads=[Read("c", 1, 0.25)], fits=True),
    ]
    assert divide(places) == [0, 2]


def test_time_grows_with_the_places_tried_not_with_the_notebook():
    """In a notebook of thousands of cells at most a hundred places are tried, and clear borders are still found."""
    places = (
        [Place(role=Role.LOAD, reads=())] * 2000 + [Place(role=Role.TRAIN, reads=(), heading=2.0)] + [Place(role=None, reads=())] * 2000
    )
    assert divide(places) == [0, 2000]
