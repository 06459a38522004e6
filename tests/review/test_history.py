"""What execution counts and saved outputs tell."""

from __future__ import annotations

import json

import pytest

from nb2pipe.api import check_text


def findings(*cells: tuple[int | None, str], raised: str = "") -> list[str]:
    errors = [{"output_type": "error", "ename": raised, "evalue": "", "traceback": []}] if raised else []
    written = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": errors, "execution_count": count} for count, source in cells
    ]
    found = check_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": written}), "nb.ipynb")
    wanted = [each for each in found if each.code in ("NB201", "NB203", "NB213", "NB214")]
    return [f"{each.span.cell} {each.code} {each.message}" for each in wanted if each.span]


def test_a_cell_that_ran_before_what_it_reads_is_reported_once() -> None:
    found = findings((5, "x = [1]"), (None, "y = 2"), (3, "print(x)"), (4, "print(x[0])"))
    assert found == ["cell-2 NB203 this cell last ran as number 3, before cell 1, which makes `x`, ran as number 5"]


@pytest.mark.parametrize("second", ["print(1)", "import math", "y = math.pi", "y = 2"])
def test_an_order_without_a_difference_is_not_reported(second) -> None:
    assert findings((1, "x = 1"), (4, "import math"), (3, second), (2, "print(x)")) == []


def test_a_value_of_a_cell_below_is_reported_with_both_cells() -> None:
    found = findings((1, "x = 1"), (4, "print(x)"), (3, "x = 2"))
    assert found == ["cell-1 NB214 this cell last ran as number 4, when `x` had the value that cell 3 below gives it"]


def test_a_producer_that_ran_again_too_gives_the_right_value() -> None:
    assert findings((3, "x = 1"), (4, "print(x)"), (2, "x = 2")) == []


def test_a_change_done_twice_is_reported_when_a_cell_below_proves_it() -> None:
    found = findings((1, "x = [1]"), (4, "n = 1\nx.append(n)"), (3, "print(n)"))
    assert found == ["cell-1 NB214 this cell last ran as number 4, when it had changed `x` once already"]
    assert findings((1, "x = [1]"), (4, "x.append(1)"), (3, "print(2)")) == []


def test_a_name_without_a_cell_existed_when_the_cell_ran() -> None:
    assert findings((7, "print(gone)")) == ["cell-0 NB213 `gone` existed when this cell ran as number 7, but no cell defines it any more"]


@pytest.mark.parametrize(
    ("cells", "raised"),
    [
        (((None, "print(gone)"),), ""),
        (((7, "print(gone)"),), "NameError"),
        (((1, "print(gone)"), (2, "gone = 1")), ""),
        (((7, "sc.stop()"),), ""),
    ],
)
def test_a_name_that_may_never_have_existed_is_only_undefined(cells, raised) -> None:
    assert [each.split()[1] for each in findings(*cells, raised=raised)] == ["NB201"]
