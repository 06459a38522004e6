"""Analysing many notebooks in one process: prints what each phase took in CPU seconds, start-up and imports apart, as one JSON object.

Run as a script in one of two environments: ``analysing.py nb2pipe FILE``, ``analysing.py marimo FILE``.
FILE is a list of notebooks, each with its `.ipynb` text and the plain Python of its cells (magics replaced), which marimo needs.
"""

from __future__ import annotations

import ast
import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Notebook = dict[str, Any]


def nb2pipe(notebooks: list[Notebook]) -> dict[str, float]:
    """From the text of each notebook to the summary of each cell; and what reading alone, and `ast.parse` alone, take of it."""
    from nb2pipe.analysis.summary import cell_summaries
    from nb2pipe.frontend import read_text

    def end_to_end(some: list[Notebook]) -> None:
        for each in some:
            notebook = read_text(each["text"], "notebook.ipynb").value
            if notebook is not None:
                cell_summaries(notebook)

    def parsing() -> None:
        for each in notebooks:
            for source in each["cells"]:
                ast.parse(source)

    end_to_end(notebooks[:1])  # imports what is imported at first use
    return {
        "nb2pipe analyze": seconds(lambda: end_to_end(notebooks)),
        "reading alone": seconds(lambda: [read_text(each["text"], "notebook.ipynb") for each in notebooks]),
        "ast.parse alone": seconds(parsing),
    }


def marimo(notebooks: list[Notebook]) -> dict[str, float]:
    """From the JSON of each notebook to marimo's graph of its cells, with or without what functions and classes read in turn."""
    from marimo._ast.compiler import compile_cell
    from marimo._runtime.dataflow import DirectedGraph

    def analysis(some: list[Notebook], *, closure: bool) -> None:
        for each in some:
            json.loads(each["text"])
            graph = DirectedGraph()
            for index, source in enumerate(each["cells"]):
                try:
                    cell = compile_cell(source, cell_id=str(index))  # type: ignore[arg-type]
                except SyntaxError:  # what only Jupyter takes, such as `from m import *`
                    continue
                if closure:
                    graph.get_transitive_references(
                        set(cell.refs), inclusive=False, predicate=lambda _, data: data.kind in ("function", "class")
                    )
                graph.register_cell(str(index), cell)  # type: ignore[arg-type]

    analysis(notebooks[:1], closure=True)
    return {
        "marimo, cells and edges": seconds(lambda: analysis(notebooks, closure=False)),
        "marimo, with its call closure": seconds(lambda: analysis(notebooks, closure=True)),
    }


def editing(notebooks: list[Notebook]) -> dict[str, float]:
    """A session on a notebook: what opening it takes, and one edit (the median and the worst of many)."""
    from benchmarks.notebooks import edits_of
    from nb2pipe.analysis.incremental.session import Session
    from nb2pipe.analysis.summary import cell_summaries
    from nb2pipe.frontend import read_text

    notebook = read_text(notebooks[0]["text"], "notebook.ipynb").value
    assert notebook is not None
    cells = notebook.cells
    whole = seconds(lambda: cell_summaries(notebook))
    opened: list[Session] = []
    opening = seconds(lambda: opened.append(Session(cells)))
    edits = sorted(seconds(lambda cell=cell: opened[0].change(cell)) for cell in edits_of(cells))  # type: ignore[misc]
    return {
        "the whole from the top": whole,
        "opening a session": opening,
        "one edit, the median": edits[len(edits) // 2],
        "one edit, the worst of 60": edits[-1],
    }


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process that some work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {"nb2pipe": nb2pipe, "marimo": marimo, "editing": editing}[sys.argv[1]](
        json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    )
    print(json.dumps(found))
