"""Whatever a notebook holds, analysing, checking and compiling it end: no crash, and work that grows with its size."""

from __future__ import annotations

import ast
import sys
import sysconfig
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import Profile, notebooks

from nb2pipe import api
from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.frontend import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

BOUNDED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LIBRARY = Path(sysconfig.get_paths()["stdlib"])
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if not {"site-packages", "test", "tests"} & set(path.relative_to(LIBRARY).parts))
SOME = [
    LIBRARY / f"{name}.py" for name in "abc argparse bisect calendar contextlib copy dataclasses enum functools heapq queue sched".split()
]
ONE_STATEMENT = 2_000_000
"""More function calls than running all that one top-level statement may run."""
TAGS = st.sampled_from(["", "", ' tags=["step:a"]', ' tags=["step:b"]', ' tags=["parameters"]', ' tags=["skip"]'])
JUNK = st.sampled_from(["", " ", "\n", "(", ")", ":", "\t", "\\", "'", "%time ", "!", "lambda: ", "del ", "await ", "yield ", "*", "é"])


def parts(path: Path) -> list[str]:
    """Return the top-level statements of a module."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    found = []
    for node in ast.parse(source).body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        found.append("".join(lines[first - 1 : node.end_lineno]))
    return found


STATEMENTS = [text for path in SOME for text in parts(path) if len(text) < 3000]


def run_all(text: str) -> None:
    """Analyse, summarise, check and compile a percent script."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the parser says of other people's code
        notebook = read_text(text, "a.py").value
        if notebook is not None:
            graph = analyse(notebook)
            assert len(cell_summaries(graph)) == sum(cell.kind.value == "code" for cell in notebook.cells)
        checked = api.check_source(text, "a.py")
        if checked.pipeline is not None and not checked.has_errors:
            assert api.compile_pipeline(checked.pipeline).files


@BOUNDED
@given(st.lists(st.tuples(TAGS, st.sampled_from(STATEMENTS)), min_size=1, max_size=6))
def test_statements_of_the_standard_library_in_any_order(cells: list[tuple[str, str]]) -> None:
    """Names without definitions, classes without bases, functions that are defined twice."""
    run_all("".join(f"# %%{tags}\n{text}\n" for tags, text in cells))


@BOUNDED
@given(st.sampled_from(STATEMENTS), st.lists(st.tuples(st.floats(0, 1), JUNK, st.integers(0, 6)), max_size=5))
def test_broken_source(text: str, edits: list[tuple[float, str, int]]) -> None:
    """Pieces taken out and put in anywhere."""
    for place, junk, length in edits:
        at = int(place * len(text))
        text = text[:at] + junk + text[at + length :]
    run_all(f'# %% tags=["step:a"]\n{text}\n')


@BOUNDED
@given(notebooks(Profile(cells=6, statements=3, branches=True)), st.data())
def test_random_notebooks_compile(cells: list[str], data: st.DataObject) -> None:
    """Programs that run, divided into steps anyhow."""
    run_all("".join(f"# %%{data.draw(TAGS)}\n{cell}\n" for cell in cells))


def work(source: str) -> int:
    """Count the Python functions that analysing a script calls."""
    count = 0

    def profile(_frame: object, event: str, _: object) -> None:
        nonlocal count
        count += event == "call"

    outer = sys.getprofile()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        notebook = read_text(source, "a.py").value
        assert notebook is not None
        sys.setprofile(profile)
        try:
            cell_summaries(analyse(notebook))
        finally:
            sys.setprofile(outer)
    return count


def chain(count: int, line: str) -> str:
    """Write a line for each number; `{p}` is the number before."""
    return "".join(line.format(i=index, p=index - 1) for index in range(1, count + 1))


GROWING: dict[str, Callable[[int], str]] = {
    "each function calls the one before twice": lambda n: (
        "def f0(x): x.append(1)\n" + chain(n, "def f{i}(x):\n    f{p}(x)\n    f{p}(x)\n") + f"a = []\n# %%\nf{n}(a)\n"
    ),
    "each function hands the one before to map twice": lambda n: (
        "def f0(x): return k\n" + chain(n, "def f{i}(x): return list(map(f{p}, map(f{p}, [x])))\n") + f"k = 1\n# %%\nf{n}(1)\n"
    ),
    "each function calls all before": lambda n: (
        "def f0(x): return x\n"
        + "".join(f"def f{i}(x): return [{', '.join(f'f{j}(x)' for j in range(max(0, i - 8), i))}]\n" for i in range(1, n + 1))
        + f"f{n}([])\n"
    ),
    "classes that make each other": lambda n: (
        chain(n, "class C{i}:\n    def __init__(self):\n        self.a, self.b = C{p}(), C{p}()\n").replace("C0", "list") + f"c = C{n}()\n"
    ),
    "two classes that make each other for ever": lambda n: (
        "class A:\n    def __init__(self): self.b = B()\nclass B:\n    def __init__(self): self.a = A()\n" + chain(n, "x{i} = A()\n")
    ),
    "each class inherits from the two before": lambda n: (
        "class C0:\n    def m(self): return k\nclass C1(C0): pass\n"
        + "".join(f"class C{i}(C{i - 1}, C{i - 2}): pass\n" for i in range(2, n))
        + f"k = 1\n# %%\nC{n - 1}().m(); C{n - 1}().none()\n"
    ),
    "an object that holds itself": lambda n: "a = []\n" + chain(n, "a.append(a)\na = [a, a]\n"),
    "each list holds the one before twice": lambda n: "a0 = []\n" + chain(n, "a{i} = [a{p}, a{p}]\n") + f"a{n}.append(1)\n",
    "closures over closures": lambda n: (
        "def f0(): return 1\n" + chain(n, "def m{i}(g):\n    return lambda: (g(), g())\nf{i} = m{i}(f{p})\n") + f"f{n}()\n"
    ),
    "generators over generators": lambda n: (
        "def f0(): yield 1\n" + chain(n, "def f{i}():\n    yield from f{p}()\n    yield from f{p}()\n") + f"list(f{n}())\n"
    ),
    "loops in loops": lambda n: (
        "a = []\n" + "".join("    " * i + f"for x{i} in a:\n" for i in range(min(n, 19))) + "    " * min(n, 19) + "a.append(1)\n"
    ),
    "branches in branches": lambda n: (
        "a = 1\n" + "".join("    " * i + f"if a > {i}:\n" for i in range(min(n, 90))) + "    " * min(n, 90) + "a = 2\n"
    ),
    "many names": lambda n: chain(20 * n, "x{i} = {i}\n"),
    "many aliases of one object": lambda n: "x0 = []\n" + chain(n, "x{i} = x{p}\n") + f"# %%\nx{n}.append(1)\n",
    "a large list": lambda n: "a = [" + ", ".join(map(str, range(200 * n))) + "]\n",
    "a large dict of lists": lambda n: "a = {" + ", ".join(f"'k{i}': [{i}]" for i in range(20 * n)) + "}\n",
    "a chain of methods": lambda n: "a = 1\nb = a" + ".c(1)" * 8 * n + "\n",
    "elif after elif": lambda n: "a = 1\nif a: b = 0\n" + chain(8 * n, "elif a == {i}: b = {i}\n") + "c = b\n",
    "strings that evaluate strings": lambda n: "a = 1\n" + chain(n, "eval(\"eval('a + {i}')\")\n"),
    "decorators on decorators": lambda n: "def d(f): return lambda x: f(f(x))\n" + "@d\n" * n + "def g(x): return x\n# %%\ng(1)\n",
    "recursion over an unknown object": lambda n: (
        "import ast\ndef walk(x, seen=()):\n    for name in x._fields:\n"
        + chain(n // 8, "        if x.a{i}: return [walk(getattr(x, name)), walk(x.a{i}), seen]\n")
        + "    return x\n# %%\nwalk(ast.parse('a'))\n"
    ),
    "partial of partial": lambda n: "from functools import partial\nf0 = print\n" + chain(n, "f{i} = partial(f{p}, {i})\n") + f"f{n}(1)\n",
}


@pytest.mark.parametrize("shape", GROWING)
def test_work_grows_with_the_size(shape: str) -> None:
    """Twice the source is at most three times the work, and never more than one statement's share and a fixed amount for each line."""
    small, large = GROWING[shape](40), GROWING[shape](80)
    done = work(large)
    assert done < ONE_STATEMENT + 3000 * (len(large.splitlines()) + len(large) / 40)
    assert done < 3 * work(small) + 2000


DEEP = {
    "a sum": "x = " + "-" * 900 + "a\n",
    "methods": "x = a" + ".b(1)" * 900 + "\n",
    "items": "x = a" + "[0]" * 900 + "\n",
    "attributes": "x = a" + ".b" * 2000 + "\n",
    "not": "x = " + "not " * 900 + "a\n",
    "elif": "if a == 0:\n    x = 0\n" + "".join(f"elif a == {index}:\n    x = {index}\n" for index in range(600)),
}


@pytest.mark.parametrize("shape", DEEP)
def test_what_is_nested_deeper_than_python_calls_still_reads_and_binds(shape: str) -> None:
    """The facts of the cells around it do not suffer."""
    run_all(f'# %% tags=["step:a"]\na = 1\n# %% tags=["step:b"]\n{DEEP[shape]}# %% tags=["step:c"]\ny = x\n')
    notebook = read_text(f"# %%\na = 1\n# %%\n{DEEP[shape]}# %%\ny = x\n", "a.py").value
    assert notebook is not None
    assert [(cell["reads"], cell["writes"]) for cell in cell_summaries(analyse(notebook))] == [([], ["a"]), (["a"], ["x"]), (["x"], ["y"])]


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(20))
def test_all_modules_of_the_standard_library(part: int) -> None:
    """Each as one cell and as a cell a statement: it ends, and no statement is more work than its share."""
    for path in MODULES[part::20]:
        try:
            pieces = parts(path)
        except (SyntaxError, UnicodeDecodeError):
            continue
        for text in ("# %%\n" + "".join(pieces), "".join(f"# %%\n{piece}\n" for piece in pieces)):
            if pieces:
                assert work(text) < ONE_STATEMENT * (len(pieces) + 1), path
