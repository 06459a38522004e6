"""Whatever a file holds, reading and checking it ends in findings, and positions hold."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.diagnostics.as_github import as_github
from nb2pipe.diagnostics.as_json import as_json
from nb2pipe.diagnostics.as_sarif import as_sarif
from nb2pipe.diagnostics.as_text import as_text
from nb2pipe.diagnostics.place import FileText
from nb2pipe.frontend import read_text
from nb2pipe.frontend.lint import lint
from nb2pipe.frontend.report import file_text
from nb2pipe.frontend.settings import settings_of, step_settings
from nb2pipe.ir.notebook import CellKind

BOUNDED = settings(max_examples=120, deadline=None)
WILD = st.text(st.characters(codec=None), max_size=30)
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | WILD
JSON = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WILD, inner, max_size=3), max_leaves=8)
TAG = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        "step after gpu cpu memory env secret volume toleration label cache image foreach block prev limit notebook skip setup x".split()
    ),
    st.sampled_from([":", "", "=", "::"]),
    WILD | st.sampled_from(["a", "1", "a:b", "a=b", "nvidia.com/gpu:1"]),
)
CODE = st.lists(
    st.sampled_from(
        [
            *"%!?,;/=\\'\"#()[]{}<>$~\t\f\x0b\x0c\x1c\u2028\r",
            "\n",
            "\n    ",
            " ",
            "é漢😀",
            "%%",
            "%time ",
            "!ls ",
            "x = ",
            "'''",
            '"""',
            "if x:\n",
            "{x}",
            "$x",
            ">>> ",
            "%%bash\n",
            "%%capture out\n",
            "\\\n",
            "x?",
            "await ",
            "return 1",
            "\0",
        ]
    ),
    max_size=14,
).map("".join)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code"] * 6 + ["markdown", "raw", "heading", "x", None]),
        "id": st.sampled_from(["a", "b", None, 3, ""]),
        "source": CODE | st.lists(CODE, max_size=3) | WILD | JSON,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "tags": st.lists(TAG | WILD, max_size=4) | JSON,
                "nb2pipe": JSON | st.dictionaries(st.sampled_from(["cpu", "env", "gate", "step"]), JSON),
            },
        )
        | JSON,
        "execution_count": st.integers() | JSON,
    },
)
DOCUMENT = st.fixed_dictionaries(
    {"cells": st.lists(CELL, max_size=4) | JSON},
    optional={
        "nbformat": st.sampled_from([4, 4, 4, 3, 2, 5, None]),
        "metadata": st.fixed_dictionaries(
            {}, optional={"nb2pipe": JSON, "kubeflow_notebook": JSON, "kernelspec": JSON, "language_info": JSON}
        )
        | JSON,
        "worksheets": JSON,
    },
)


def check(content: str | bytes, path: str) -> None:
    """Read, resolve, lint and print a file, and check every position on the way."""
    result = read_text(content, path)
    found = list(result.diagnostics)
    file = FileText(path=path)
    if result.value is None:
        assert found
    else:
        notebook = result.value
        file = file_text(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        for cell in notebook.cells:
            if cell.kind is CellKind.CODE and cell.parses:
                assert len(cell.analysed) == len(cell.source)
                assert cell.executed.count("\n") == cell.analysed.count("\n") == cell.source.count("\n")
            found += settings_of(cell, notebook).diagnostics
        found += step_settings(notebook.cells, notebook).diagnostics
        found += lint(notebook)
    for finding in found:
        hash(finding)
        cell = file.cell(finding.span)
        if cell:
            assert finding.span.start.column <= len(cell.line(finding.span.start.line))
    assert as_text(found, file, colour=True).count("why:") >= len(set(found))
    json.dumps([as_json([(file, found)]), as_sarif([(file, found)])])
    assert as_github(found, file).count("\n") == len(set(found))


@BOUNDED
@given(st.binary(max_size=60))
def test_bytes(content) -> None:
    check(content, "nb.ipynb")
    check(content, "nb.py")


@BOUNDED
@given(WILD | CODE)
def test_text(content) -> None:
    check(content, "nb.ipynb")
    check(content, "nb.py")


@BOUNDED
@given(JSON)
def test_any_json(document) -> None:
    check(json.dumps(document), "nb.ipynb")


@BOUNDED
@given(DOCUMENT)
def test_documents_like_notebooks(document) -> None:
    check(json.dumps(document), "nb.ipynb")


@BOUNDED
@given(st.lists(CODE, min_size=1, max_size=3))
def test_cells_of_any_text(sources) -> None:
    check(json.dumps({"cells": [{"cell_type": "code", "source": source} for source in sources]}), "nb.ipynb")


@BOUNDED
@given(DOCUMENT, st.integers(0, 10_000))
def test_truncated_documents(document, length) -> None:
    text = json.dumps(document)
    check(text[: length % len(text)], "nb.ipynb")


@BOUNDED
@given(
    CODE.map(lambda code: "# %%" + code)
    | st.lists(
        st.sampled_from(["# %% ", "#%%", "step:a ", "[markdown]", 'tags=["a', '"]', "x={", "\n", "# ", "key=1 ", "y=nul"]), max_size=12
    ).map("".join)
)
def test_scripts(content) -> None:
    check(content, "nb.py")
