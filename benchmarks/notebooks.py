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
