"""A number of steps → the same linear pipeline three times: tagged for nb2pipe, tagged for Kale, and written with the KFP SDK."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PARAMETERS = "rows = 100\nshare = 0.25\nname = 'run'\nverbose = False\n"

IMPORTS = "import math\nimport statistics\n"


def step_source(number: int) -> str:
    """A step's cell: a few lines that read the step before and a parameter, as small notebooks do."""
    if number == 0:
        return (
            "values_0 = [math.sin(at * share) for at in range(rows)]\nsummary_0 = {'mean': statistics.fmean(values_0)}\nprint(summary_0)\n"
        )
    before = number - 1
    return f"""values_{number} = []
for value in values_{before}:
    if value > 0:
        value = value * (1 + share)
    values_{number}.append(value)
summary_{number} = dict(summary_{before})
summary_{number}['mean_{number}'] = statistics.fmean(values_{number})
print(summary_{number})
"""


def cell(source: str, identity: str, *tags: str) -> dict[str, Any]:
    """One code cell."""
    return {"cell_type": "code", "execution_count": None, "id": identity, "metadata": {"tags": list(tags)}, "outputs": [], "source": source}


def notebook(cells: list[dict[str, Any]], **metadata: object) -> str:
    """A notebook of format 4.5 as text."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {"cells": cells, "metadata": {"kernelspec": kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1)


def for_nb2pipe(steps: int) -> str:
    """The pipeline as our tags say it: one tag per step and nothing about edges."""
    body = [cell(step_source(number), f"step-{number}", f"step:s{number}") for number in range(steps)]
    return notebook([cell(PARAMETERS, "parameters", "parameters"), cell(IMPORTS, "imports"), *body])


def for_kale(steps: int) -> str:
    """The same cells with Kale's tags; Kale wants the edges declared."""
    body = [
        cell(step_source(number), f"step-{number}", f"step:s{number}", *([f"prev:s{number - 1}"] if number else []))
        for number in range(steps)
    ]
    settings = {"experiment_name": "bench", "pipeline_name": f"bench-{steps}", "pipeline_description": "", "volumes": []}
    head = [cell(PARAMETERS, "parameters", "pipeline-parameters"), cell(IMPORTS, "imports", "imports")]
    return notebook([*head, *body], kubeflow_notebook=settings)


def for_sdk(steps: int) -> str:
    """The same pipeline as a program for the KFP SDK, with lists and dicts as parameters: the cheapest thing it can be asked to compile."""
    lines = ["from kfp import compiler, dsl\n"]
    for number in range(steps):
        body = "".join(f"    {line}\n" for line in (IMPORTS + step_source(number)).splitlines())
        returned = (
            f"    import collections\n    return collections.namedtuple('Out', ['values', 'summary'])(values_{number}, summary_{number})\n"
        )
        arguments = "rows: int, share: float" if number == 0 else f"values_{number - 1}: list, summary_{number - 1}: dict, share: float"
        kind = "NamedTuple('Out', [('values', list), ('summary', dict)])"
        lines.append(f"@dsl.component(base_image='python:3.11')\ndef s{number}({arguments}) -> {kind}:\n{body}{returned}\n")
    lines.append("@dsl.pipeline(name='bench')\ndef bench(rows: int = 100, share: float = 0.25):\n    t0 = s0(rows=rows, share=share)\n")
    for number in range(1, steps):
        before = number - 1
        values = f"values_{before}=t{before}.outputs['values'], summary_{before}=t{before}.outputs['summary']"
        lines.append(f"    t{number} = s{number}({values}, share=share)\n")
    lines.append("\ncompiler.Compiler().compile(bench, 'sdk.yaml')\n")
    return "from typing import NamedTuple\n" + "".join(lines)


def write(folder: Path, steps: int) -> None:
    """Write the three forms into `folder`."""
    (folder / f"native_{steps}.ipynb").write_text(for_nb2pipe(steps))
    (folder / f"kale_{steps}.ipynb").write_text(for_kale(steps))
    (folder / f"sdk_{steps}.py").write_text(for_sdk(steps))


def analysed(texts: dict[str, str]) -> list[dict[str, Any]]:
    """The notebooks that can be read, by their file names: as `.ipynb` text, and the plain Python of the code cells."""
    from nb2pipe.frontend import read_text

    found: list[dict[str, Any]] = []
    for name, text in texts.items():
        read = read_text(text, name).value
        code = [each for each in read.cells if each.kind.value == "code"] if read is not None else []
        if code:
            as_notebook = text if name.endswith(".ipynb") else notebook([cell(each.source, each.id) for each in code])
            found.append({"text": as_notebook, "cells": [each.analysed for each in code]})
    return found


def large(cells: int) -> str:
    """A notebook of many cells as people write them: chains of frames, functions, classes, models, plots, a log that all append to."""
    sources = [
        "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nfrom sklearn.linear_model import LinearRegression",
        "frame_0 = pd.DataFrame(np.ones((50, 3)), columns=list('abc'))\nlog = []",
    ]
    frame, round_ = 0, 0
    while len(sources) < cells:
        at = len(sources)
        kind = at % 9
        if kind == 0:
            round_ = at
            sources.append(f"def scale_{at}(x, k=2):\n    log.append(k)\n    return x * k")
        elif kind == 1:
            sources.append(f"frame_{at} = frame_{frame}.copy()\nframe_{at}['d_{at}'] = frame_{at}['a'] * {at}")
            frame = at
        elif kind == 2:
            sources.append(f"frame_{frame}.loc[frame_{frame}.a > 0, 'b'] = 0\nframe_{frame}.head()")
        elif kind == 3:
            sources.append(
                f"part_{at} = {{c: frame_{frame}[c].mean() for c in frame_{frame}.columns}}\ntotal_{at} = sum(part_{at}.values())"
            )
        elif kind == 4:
            sources.append(f"model_{at} = LinearRegression()\nmodel_{at}.fit(frame_{frame}[['a', 'b']], frame_{frame}['c'])")
        elif kind == 5:
            sources.append(f"score_{at} = model_{at - 1}.score(frame_{frame}[['a', 'b']], frame_{frame}['c'])\nlog.append(score_{at})")
        elif kind == 6:
            sources.append(f"fig, ax = plt.subplots()\nax.plot(frame_{frame}['a'])\nax.set_title(str(score_{at - 1}))\nplt.show()")
        elif kind == 7:
            sources.append(
                f"class Report_{at}:\n    def __init__(self, data):\n        self.data = data\n    def text(self):\n        return str(len(log))"
            )
        else:
            scaled = f"scale_{round_}(total_{at - 5})" if round_ and at - 5 > 2 else "1"
            sources.append(
                f"for step in range(3):\n    value_{at} = {scaled} + step\n    if value_{at} > 1:\n        log.append(value_{at})"
            )
    return notebook([cell(source, f"cell-{index}") for index, source in enumerate(sources)])


def edits_of(cells: list[Any]) -> list[Any]:
    """Edits of cells all over a notebook: another number, a line more, a name more, an in-place change more."""
    from nb2pipe.frontend.build import RawCell, build_notebook
    from nb2pipe.ir.notebook import CellKind

    edited = []
    for number in range(60):
        old = cells[2 + (number * 7919) % (len(cells) - 2)]
        more = (f"print({number})", f"new_{number} = {number}", f"log.append({number})")[number % 3]
        source = old.source.replace("3", "4") if number % 4 == 3 else f"{old.source}\n{more}"
        built = build_notebook([RawCell(kind=CellKind.CODE, source=source, id=old.id)], {}, "notebook.ipynb").value
        assert built is not None
        edited.append(built.cells[0])
    return edited
