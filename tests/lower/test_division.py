"""A notebook in other steps than its tags say: one for each cell, or a few, and joined where they cannot be apart."""

from __future__ import annotations

import textwrap

from nb2pipe.frontend import read_text
from nb2pipe.lower.division import Divided, divide


def divided(text: str, steps: int | None = None) -> Divided:
    notebook = read_text(textwrap.dedent(text), "demo.py").value
    assert notebook is not None
    return divide(notebook, steps)


def names(result: Divided) -> list[str]:
    assert result.pipeline is not None
    return [step.name for step in result.pipeline.steps]


CELLS = """
# %% tags=["parameters"]
size = 3
# %% tags=["setup"]
import json
# %% tags=["step:a", "gpu:1", "foreach:size"]
x = [size]
# %%
# only a comment
# %% tags=["skip"]
x.clear()
# %% tags=["step:a"]
x.append(1)
# %%
print(json.dumps(x))
"""


def test_each_cell_is_a_step_whatever_the_tags_say() -> None:
    """Parameters stay parameters, skipped cells stay out, cells without code are none; nothing is asked for but the code."""
    result = divided(CELLS)
    assert names(result) == ["cell-2", "cell-3", "cell-6", "cell-7"]
    assert result.pipeline is not None
    assert [each.name for each in result.pipeline.parameters] == ["size"]
    assert all(step.resources.accelerator is None and step.control.foreach is None for step in result.pipeline.steps)
    assert [(edge.producer.step, edge.consumer.step) for edge in result.pipeline.edges] == [("cell-3", "cell-6"), ("cell-6", "cell-7")]


def test_a_few_steps_are_of_about_equal_length() -> None:
    text = "".join(f"# %%\nx{number} = {number}\n" for number in range(1, 8))
    assert names(divided(text, 3)) == ["cells-1-2", "cells-3-5", "cells-6-7"]
    assert names(divided(text, 20)) == names(divided(text))


def test_cells_that_cannot_be_apart_are_one_step_and_the_rest_is_not() -> None:
    """A generator cannot be stored: what makes it, what uses it and what stands between are one."""
    result = divided("""
        # %%
        a = 1
        # %%
        g = (each for each in range(3))
        # %%
        b = a + 1
        # %%
        print(next(g))
        # %%
        print(b)
    """)
    assert names(result) == ["cell-1", "cells-2-4", "cell-5"]
    assert [(each.cells, each.finding.code) for each in result.merged] == [((2, 3, 4), "NB401")]


def test_a_cell_that_does_not_parse_is_left_out_and_the_rest_is_not() -> None:
    result = divided("""
        # %%
        a = 1
        # %%
        print "Python 2"
        # %%
        print(a)
    """)
    assert names(result) == ["cell-1", "cell-3"]


def test_a_name_that_nothing_defines_does_not_stop_the_division() -> None:
    result = divided("""
        # %%
        print(nothing)
        # %%
        print(1)
    """)
    assert names(result) == ["cell-1", "cell-2"]
    assert [each.code for each in result.diagnostics] == ["NB201"]


def test_a_notebook_without_code_has_no_steps() -> None:
    assert divided("# %% [markdown]\n# text\n").pipeline is None


def test_an_array_made_by_an_index_is_no_module() -> None:
    """It crosses a step, and what changes it later is seen."""
    result = divided("""
        # %%
        import numpy as np
        data = np.c_[[1, 2], [3, 4]]
        # %%
        data[0, 0] = 5
        # %%
        print(data, np.mgrid[0:2])
    """)
    assert result.merged == ()
    assert result.pipeline is not None
    assert [(edge.producer.step, edge.consumer.step) for edge in result.pipeline.edges] == [("cell-1", "cell-2"), ("cell-2", "cell-3")]
