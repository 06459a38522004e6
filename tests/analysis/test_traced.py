"""On random notebooks the analysis finds what running them shows: no read, change or maker is missed, and none is made up."""

from __future__ import annotations

import warnings

import pytest
from cell_cases import Facts, facts_of, notebook_of, show
from hypothesis import HealthCheck, given, settings
from programs import Profile, notebooks
from tracer import trace

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(QUICK, max_examples=4000)


def script(cells: list[str]) -> str:
    """Return cells as a percent script."""
    return "".join(f"# %%\n{cell}\n" for cell in cells)


def check(cells: list[str], *, exact: bool) -> None:
    """Compare what is said of a notebook with what happens, up to the first cell that raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a program may compare a list with `is`, or divide an assertion by its message
        said = facts_of(notebook_of(script(cells)))
        seen = trace(cells)
    read_later: set[tuple[str, int]] = {(name, at) for cell in seen for name, at in cell.reads.items()}
    for index, (facts, true) in enumerate(zip(said, seen, strict=False)):
        if true.error:
            return
        context = f"cell {index + 1} of\n{script(cells)}\nsaid\n{show(said)}\nseen {true}"
        assert not true.reads.keys() - facts.reads.keys(), f"a read is missed: {context}"
        wrong = {name: at for name, at in true.reads.items() if not explained(name, at, facts.reads[name], said)}
        assert not wrong, f"the maker of a read is missed: {wrong} {context}"
        missed = {name for name in true.mutates - facts.mutates - facts.writes if (name, index) in read_later}
        assert not missed, f"a change is missed: {missed} {context}"
        assert not true.writes - facts.writes, f"a binding is missed: {context}"
        if exact:
            # In a loop a name that is bound anew may first have been changed, and is then taken to be needed.
            assert facts.reads.keys() - true.left == true.reads.keys() - true.left, f"a read is made up: {context}"


def explained(name: str, at: int, makers: frozenset[int], said: list[Facts]) -> bool:
    """Tell whether the makers hold the true one, or one after it that may have changed the object and did not."""
    changed = [maker for maker in makers if maker > at]
    return at in makers or any(name in said[maker].mutates or name in said[maker].reads for maker in changed)


@QUICK
@given(notebooks(Profile(cells=5, statements=3, branches=True)))
def test_nothing_that_happens_is_missed(cells: list[str]) -> None:
    """Reads, the cells that made what is read, changes of what is read later, and bindings."""
    check(cells, exact=False)


@QUICK
@given(notebooks(Profile(cells=5, statements=3, branches=False)))
def test_where_nothing_branches_no_read_is_made_up(cells: list[str]) -> None:
    """Each read that is said happens."""
    check(cells, exact=True)


@pytest.mark.parametrize("line", ["each.append(0)", "each += [0]", "each[0].append(1)", "first, *_ = each; first.append(2)"])
def test_very_many_objects_are_all_followed(line: str) -> None:
    """A loop over a hundred lists changes each of them."""
    names = [f"v{number}" for number in range(100)]
    make = "\n".join(f"{name} = [[{number}]]" for number, name in enumerate(names))
    check([make, f"for each in [{', '.join(names)}]:\n    {line}", f"print({', '.join(names)})"], exact=True)


@pytest.mark.campaign
@MANY
@given(notebooks(Profile(cells=8, statements=4, branches=True)))
def test_nothing_that_happens_is_missed_in_long_notebooks(cells: list[str]) -> None:
    """As above, in longer notebooks and many more of them."""
    check(cells, exact=False)


@pytest.mark.campaign
@MANY
@given(notebooks(Profile(cells=8, statements=4, branches=False)))
def test_where_nothing_branches_no_read_is_made_up_in_long_notebooks(cells: list[str]) -> None:
    """As above, in longer notebooks and many more of them."""
    check(cells, exact=True)
