"""After every edit, what the session knows of each cell is what a run from the top finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cell_cases import Case, read_cases
from edited_notebooks import Sources, notebook_of, rewritten, source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.incremental.facts import NO_FACTS
from nb2pipe.analysis.incremental.machine import OF_TREES
from nb2pipe.analysis.incremental.session import Session
from nb2pipe.analysis.statements import Statements
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.ir.dataflow import is_state

if TYPE_CHECKING:
    from random import Random

    from nb2pipe.ir.notebook import Notebook

Known = tuple[list[dict[str, object]], dict[str, dict[str, list[str]]]]


def from_the_top(notebook: Notebook) -> Known:
    """What each cell reads, writes and changes, and for each name it uses the cells that may have made it."""
    graph = analyse(notebook)
    producers: dict[str, dict[str, set[int]]] = {}
    for statement in graph.statements:
        for use in statement.uses:
            if not is_state(use.name):
                producers.setdefault(statement.cell, {}).setdefault(use.name, set()).update(use.producers)
    cells = {statement.id: statement.cell for statement in graph.statements}
    makers = {
        cell: {name: list(dict.fromkeys(cells[each] for each in sorted(made))) for name, made in used.items()}
        for cell, used in producers.items()
    }
    return cell_summaries(graph), makers


def known(session: Session) -> Known:
    """The same as the session says it."""
    used = {cell.id: {read.name: list(read.producers) for read in session.facts(cell.id).uses} for cell in session.cells}
    return session.summaries(), {cell: reads for cell, reads in used.items() if reads}


def one_edit(random: Random, session: Session, cells: Sources, number: int) -> list[str]:
    """Edit the notebook in some way; return the cells that the session says have other facts."""
    at = random.randrange(len(cells))
    what = random.choice(["change", "change", "change", "insert", "remove", "move", "update"])
    if what == "insert":
        at = random.randrange(len(cells) + 1)
        cells.insert(at, (f"new-{number}", source(random)))
        return session.insert(notebook_of(cells).cells[at], at)
    if what == "remove" and len(cells) > 2:
        return session.remove(notebook_of([cells.pop(at)]).cells[0].id)
    if what == "move":
        cell = cells.pop(at)
        at = random.randrange(len(cells) + 1)
        cells.insert(at, cell)
        return session.move(notebook_of([cell]).cells[0].id, at)
    if what == "update":  # several at once
        random.shuffle(cells)
        cells[at:] = [(identity, rewritten(random, text)) for identity, text in cells[at + 1 :]] + [(f"new-{number}", source(random))]
        return session.update(notebook_of(cells))
    cells[at] = (cells[at][0], rewritten(random, cells[at][1]))
    return session.change(notebook_of(cells).cells[at])


@pytest.mark.campaign
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random=st.randoms(use_true_random=True))
def test_edits_of_random_notebooks_end_where_a_run_from_the_top_ends(random: Random) -> None:
    cells = [(f"cell-{at}", source(random)) for at in range(9)]
    session = Session(notebook_of(cells).cells)
    for number in range(9):
        before = {cell.id: session.facts(cell.id) for cell in session.cells}
        changed = one_edit(random, session, cells, number)
        assert known(session) == from_the_top(notebook_of(cells)), cells
        after = {cell.id: session.facts(cell.id) for cell in session.cells}
        assert changed == [cell for cell, facts in after.items() if facts != before.get(cell, NO_FACTS)]


def sources_of(case: Case) -> Sources:
    """The code cells of a case."""
    from cell_cases import notebook_of as read_case

    return [(cell.id, cell.source) for cell in read_case(case.code).cells]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.title) for case in read_cases()])
def test_taking_each_cell_out_and_putting_it_back_changes_what_it_should_and_nothing_else(case: Case) -> None:
    cells = sources_of(case)
    session = Session(notebook_of(cells).cells)
    whole = known(session)
    assert whole == from_the_top(notebook_of(cells))
    for at in range(len(cells)):
        rest = [*cells[:at], *cells[at + 1 :]]
        session.update(notebook_of(rest))
        assert known(session) == from_the_top(notebook_of(rest))
        session.update(notebook_of(cells))
        assert known(session) == whole


def test_an_edit_runs_only_what_depends_on_it() -> None:
    """A changed number ends where it stands; a new binding reaches the cells that read the name."""
    cells = [("a", "n = 1"), ("b", "def f(x):\n    return x * 2"), ("c", "y = f(n)"), ("d", "z = y"), ("e", "print(w)")]
    session = Session(notebook_of(cells).cells)
    runs = session.runs
    assert session.change(notebook_of([("b", "def f(x):\n    return x * 3")]).cells[0]) == []
    assert session.runs - runs == 2  # the definition and the call
    runs = session.runs
    assert session.change(notebook_of([("a", "n = 1\nw = 2")]).cells[0]) == ["a", "e"]
    assert session.runs - runs == 3  # `n = 1` is not the last line any more


def test_cells_that_are_always_put_at_the_same_place_find_room() -> None:
    """Upwards, the space between two cells is halved each time."""
    cells = [("top", "a = 1"), ("end", "print(a, b)")]
    session = Session(notebook_of(cells).cells)
    for number in range(300):
        cells.insert(1, (f"new-{number}", f"b = {number}"))
        session.insert(notebook_of(cells).cells[1], 1)
    assert known(session) == from_the_top(notebook_of(cells))


def test_what_old_edits_have_left_is_thrown_away() -> None:
    """The heap does not grow for ever with the code that was once there."""
    cells = [("only", "a = [0]")]
    session = Session(notebook_of(cells).cells)
    for number in range(300):
        session.change(notebook_of([("only", f"a = [{', '.join(f'f{number}_{each}()' for each in range(60))}]")]).cells[0])
    assert session.objects < 13_000


TIMED = {"heap", "top", "frame", "names_of", "stars", "lazy_annotations", "files"}
OF_ONE_STATEMENT = {
    "records",
    "current",
    "record",
    "history",
    "epoch",
    "running",
    "site",
    "done",
    "_calls",
    "loop_depth",
    "shown",
    "cell",
    "work",
    "_ran",
}
OF_A_TREE_OR_TEXT = {*OF_TREES, "_trees"}


def test_all_state_of_the_abstract_run_is_accounted_for() -> None:
    """A new attribute must be read as of the running statement (`Rerun`), start afresh with each, or depend on syntax alone."""
    assert set(vars(Statements())) <= TIMED | OF_ONE_STATEMENT | OF_A_TREE_OR_TEXT | {"folder"}
    assert set(vars(Statements().heap)) == {"things", "holders", "_sites", "has_classes", "texts"}
