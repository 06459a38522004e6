"""Notebook and pipeline → the files of the project. The same notebook gives the same bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import analyse
from nb2pipe.diagnostics.model import Result, Severity
from nb2pipe.ir.bundle import GeneratedFile
from nb2pipe.project import checks, papers, wiring
from nb2pipe.project.distributions import local_modules, requirements_of
from nb2pipe.project.hazards import find_hazards
from nb2pipe.project.model import project_of
from nb2pipe.project.naming import unused
from nb2pipe.project.pieces import pieces_of
from nb2pipe.project.placing import Placing
from nb2pipe.project.plainpython import PlainPython
from nb2pipe.project.standing import standins_text
from nb2pipe.project.stepmodules import definitions_text, step_text

if TYPE_CHECKING:
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Pipeline


def export(notebook: Notebook, pipeline: Pipeline, *, digest: str) -> Result[tuple[GeneratedFile, ...]]:
    """Write a notebook as a project.

    Parameters
    ----------
    notebook, pipeline
        A notebook without errors and what it is lowered to.
    digest : str
        SHA-256 of the notebook file, in hexadecimal.

    Returns
    -------
    Result of tuple of GeneratedFile
        No files, and findings NB706, when some code would not mean the same.
    """
    run = {chunk.cell for step in pipeline.steps for chunk in step.body}
    parameters = {cell.id for cell in notebook.cells if any(tag.verb == "parameters" for tag in cell.tags)}
    graph = analyse(notebook, cells=run | parameters)
    words = {word for cell in notebook.cells for word in re.findall(r"\w+", cell.executed)}
    standins = unused("notebook", words)
    names = {binding.name for statement in graph.statements for binding in statement.binds}
    pieces = pieces_of(pipeline, graph, PlainPython(standins, names, words))
    placing = Placing(pipeline, graph, pieces)
    findings = find_hazards(placing, graph)
    if any(each.severity is Severity.ERROR for each in findings):
        return Result(None, tuple(dict.fromkeys(findings)))
    project = project_of(pipeline, placing, digest=digest, standins=standins, definitions=unused("definitions", words))
    trees = [piece.tree for each in pieces.values() for piece in each]
    types = {value.type for function in project.functions for value in (*function.takes, *function.gives)}
    package = f"src/{project.package}"
    texts = {
        "README.md": papers.readme_text(project, local_modules(notebook, trees)),
        "pyproject.toml": papers.pyproject_text(project, requirements_of(notebook, trees, types), notebook.python),
        f"{package}/__init__.py": f'{project.origin}\n"""The steps of {notebook_title(project.notebook)}."""\n',
        f"{package}/__main__.py": wiring.main_text(project),
        f"{package}/pipeline.py": wiring.pipeline_text(project, placing),
        f"{package}/steps/__init__.py": f'{project.origin}\n"""One module per step."""\n',
        f"{package}/{project.definitions}.py": definitions_text(project, placing),
        "tests/conftest.py": checks.conftest_text(project),
    }
    for function in project.functions:
        texts[f"{package}/steps/{function.module}.py"] = step_text(function, project, placing, notebook)
        texts[f"tests/test_{function.module}.py"] = checks.test_text(function, project)
    used = {name for text in texts.values() for name in re.findall(rf"\b{standins}\.(\w+)", text)}
    used |= {"show"} if any("import show as display" in text for text in texts.values()) else set()
    if used:
        texts[f"{package}/{standins}.py"] = f'{project.origin}\n"""What a notebook does for its cells."""\n\n{standins_text(used)}'
    files = (GeneratedFile(path=path, text=_ended(text)) for path, text in sorted(texts.items()) if text)
    return Result(tuple(files), tuple(findings))


def notebook_title(name: str) -> str:
    """Write a file's name so that it can stand in a docstring."""
    return re.sub(r'["\\]', "'", name)


def _ended(text: str) -> str:
    """End a text with one line end."""
    return text.rstrip("\n") + "\n"
