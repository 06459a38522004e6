"""Magics: what is analysed, what is executed, what cannot be followed."""

from __future__ import annotations

import ast
import re

import pytest

from nb2pipe.frontend import read_text
from nb2pipe.frontend.magics import translate
from nb2pipe.frontend.parsing import Fault
from nb2pipe.source import column_of_utf8

BOUND = frozenset("a b f x y xs path name".split())

ANALYSED = [
    # source, analysed (dots are blanks, ~ a form feed)
    ("x = 1", "x = 1"),
    ("!ls", "..."),
    ("!ls {path}", "0...<path."),
    ("!cp {a} $b", "0...<a..<b"),
    ("!cp {a}{b}", "0...<a.<b."),
    ("!{a}", "0<a."),
    ("!ls {a!r:>10}", "0...<a......."),
    ("!ls {x['a:b']}", "0...<x['a:b']."),
    ("!ls {a + len(b)}", "...................".ljust(16, ".")[:16]),
    ("!ls $HOME {a}", "............."),
    ("!ls {{a}}", "........."),
    ("!ls $$a", "......."),
    ("!awk '{print}' {a}", ".................."),
    ("!ls '$a'", "........"),
    ('!ls "$a"', "0....<a."),
    ("!ls {", "....."),
    ("!ls {a b}", "........."),
    ("x = !ls", "x = 0.."),
    ("x = !ls {a}", "x = 0...<a."),
    ("x = %env HOME", "x = 0........"),
    ("xs[0] = !ls", "xs[0] = 0.."),
    ("%time x = f(a)", ".....~x = f(a)"),
    ("%time for a in xs: f(a)", ".....~for a in xs: f(a)"),
    ("%time", "....."),
    ("%time x = (", "..........."),
    ("%timeit x = f(a)", "...........~f(a)"),
    ("%timeit -n 10 -r3 f(a)", ".................~f(a)"),
    ("%timeit é = f(a)", "...........~f(a)"),
    ("x = %timeit -o f(a)", "x =            f(a)".replace(" ", ".").replace("x.=.", "x = ")),
    ("%prun -l 5 f(a)", "..........~f(a)"),
    ("%matplotlib inline", "..................."[:18]),
    ("%env MODE={a}", "0.........<a."),
    ("%store -r x", "x=0........"),
    ("obj?", "...."),
    ("?x", ".."),
    ("x.y??", "....."),
    ("/f a b", "+f...."),
    (",f a b", "+f...."),
    (";f a b", "+f...."),
    ("if x:\n    !ls", "if x:\n    0.."),
    ("if x:\n    %time y = a", "if x:\n    .....~    y = a".replace("    .....~    ", "     ~    ")),
    ("if x:\n\t!ls {a}", "if x:\n\t0...<a."),
    ("%%time\nx = 1", "......\nx = 1"),
    ("%%time\n!ls {a}", "......\n0...<a."),
    ("%%timeit x = f(a)\ny", "............~f(a)\ny"),
    ("%%capture x\ny = 1", "x=0........\ny = 1"),
    ("%%capture\ny = 1", ".........\ny = 1"),
    ("%%capture --no-stderr x\ny = 1", "x=0....................\ny = 1"),
    ("%%bash\necho {a} $b", "......\n..........."),
    ("%%bash --out x --err y\nls", "x=0;y=0...............\n.."),
    ("%%script {a}\nls", "0........<a.\n..".replace("0........<a.", "0........<a.")),
    ("%%writefile f.py\nimport os", "................\n........."),
    ("!ls \\\n  {a}\nx = 1", "0...\\\n..<a.\nx = 1"),
    ("!ls \\\n  -l\nx = 1", ".....\n....\nx = 1"),
    ("%time x = f(a, \\\n  b)", ".....~x = f(a, \\\n  b)"),
    ("  x = 1\n  y = 2", ".~x = 1\n.~y = 2"),
    (">>> x = 1\n>>> y", "...~x = 1\n...~y"),
    ("In [3]: x = 1", ".......~x = 1"),
    ("s = '''\n%time\n!ls\n'''\n!ls", "s = '''\n%time\n!ls\n'''\n..."),
    ("x = (a\n % b)\n!ls", "x = (a\n % b)\n..."),
    ("x = a \\\n % b\n!ls", "x = a \\\n % b\n..."),
    ("x != y\n!ls", "x != y\n..."),
    ("await f()\n!ls", "await f()\n..."),
    ("!echo it's\nx = '%a'", "..........\nx = '%a'"),
]


def dotted(text: str) -> str:
    """Blanks that were made, which is where the two texts differ, cannot be told from blanks that were there: compare with both as dots."""
    return text.replace(" ", ".").replace("\f", "~")


@pytest.mark.parametrize(("source", "analysed"), ANALYSED, ids=[source for source, _ in ANALYSED])
def test_analysed(source, analysed) -> None:
    result = translate(source, BOUND)
    assert result.fault is None
    assert dotted(result.analysed) == analysed.replace(" ", ".")
    assert len(result.analysed) == len(source)
    assert [at for at, c in enumerate(result.analysed) if c == "\n"] == [at for at, c in enumerate(source) if c == "\n"]


EXECUTED = [
    ("x = 1", "x = 1", None),
    ("!ls {a}", "get_ipython().system('ls {a}')", None),
    ("x = !ls", "x = get_ipython().getoutput('ls')", None),
    ("!!ls", "get_ipython().getoutput('ls')", None),
    ("%time f()", "get_ipython().run_line_magic('time', 'f()')", None),
    ("?x", "get_ipython().run_line_magic('pinfo', 'x')", None),
    ("x??", "get_ipython().run_line_magic('pinfo2', 'x')", None),
    ("%%time\nx = 1", "\nx = 1", ("time", "")),
    ("%%timeit -n 5\nx = 1", "\nx = 1", ("timeit", "-n 5")),
    ("%%capture out\nx = 1", "\nx = 1", ("capture", "out")),
    ("%%time\n%%capture out\nx = 1", "\n\nx = 1", ("capture", "out")),
    ("\n%%time\nx = 1", "\n\nx = 1", ("time", "")),
    ("%%bash\nls -l\npwd", "get_ipython().run_cell_magic('bash', '', '''\\\nls -l\npwd\\n''')", None),
    ("%%bash\necho '\\n'", "get_ipython().run_cell_magic('bash', '', \"echo '\\\\n'\\n\")\n", None),
    ("%%time\n%%bash\nls", "\nget_ipython().run_cell_magic('bash', '', '''\\\nls\\n''')", ("time", "")),
    ("!ls \\\n  -l\nx = 1", "get_ipython().system('ls    -l')\n\nx = 1", None),
    ("  x = 1\n  !ls", "x = 1\nget_ipython().system('ls')", None),
    (">>> x = 1\n... y", "x = 1\ny", None),
]


@pytest.mark.parametrize(("source", "executed", "magic"), EXECUTED, ids=[source for source, _, _ in EXECUTED])
def test_executed(source, executed, magic) -> None:
    result = translate(source)
    assert (result.executed, result.magic, result.fault) == (executed, magic, None)
    assert result.executed.count("\n") == source.count("\n")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = (1", Fault("'(' was never closed", 1, 4, 5)),
        ("x = 1\ny = = 2", Fault("invalid syntax", 2, 4, 5)),
        ("!ls\nx = = 2", Fault("invalid syntax", 2, 4, 5)),
        ("%%time\nx = = 2", Fault("invalid syntax", 2, 4, 5)),
        ("é = = 2", Fault("invalid syntax", 1, 4, 5)),
        ("if x: !ls", Fault("invalid syntax", 1, 6, 7)),
        ("x ? y", Fault("invalid syntax", 1, 2, 3)),
        ("x = '\0'", Fault("it holds a null character", 1, 5, 6)),
    ],
)
def test_fault_is_placed_in_the_source(source, fault) -> None:
    result = translate(source)
    assert (result.fault, result.tree) == (fault, None)


@pytest.mark.parametrize(
    ("source", "magic"),
    {
        "%run other.ipynb": "%run",
        "%store x": "%store",
        "%pylab inline": "%pylab",
        "%load x.py": "%load",
        "%unheard of": "%unheard",
        "%%unheard of\nx": "%%unheard",
        "%%R -i df\nplot(df)": "%%R",
        "# first\n%%time\nx = 1": "%%time",
        "x = %unheard": "%unheard",
    }.items(),
)
def test_magics_that_cannot_be_followed_are_named(source, magic) -> None:
    (blind,) = translate(source).blind
    assert blind.magic == magic
    assert source.split("\n")[blind.line - 1][blind.column :].startswith(magic)


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline",
        "%load_ext autoreload\n%autoreload 2",
        "%config x=1",
        "%%html\n<b>",
        "%cd x",
        "%pip install x",
        "%%time\nx",
        "%time x",
    ],
)
def test_harmless_magics_are_not_named(source) -> None:
    assert translate(source).blind == ()


def test_a_shell_line_reads_only_names_that_some_cell_binds(write_notebook) -> None:
    cells = [
        {"source": "import os as system\ndef f(arg): pass\nfor item in []: pass\nwith open('x') as handle: pass\nclass K: pass"},
        {"source": "!ls {arg} {item} {handle} {K} $system"},
        {"source": "!ls {arg} {unbound}"},
        {"source": "!ls $HOME"},
    ]
    notebook = read_text(write_notebook(*cells), "nb.ipynb").value
    assert [sorted(names_in(cell.tree)) for cell in notebook.cells[1:]] == [["K", "arg", "handle", "item", "system"], [], []]


def names_in(tree) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("source", [source for source, _ in ANALYSED])
def test_every_name_of_the_analysed_tree_stands_at_its_place_in_the_source(source) -> None:
    result = translate(source, BOUND)
    lines, analysed = source.split("\n"), result.analysed.split("\n")
    displaced = re.match(r"%%(capture|bash --out)|%store", source)
    for node in ast.walk(result.tree):
        if isinstance(node, ast.Name) and not displaced:
            first, last = (column_of_utf8(analysed[node.lineno - 1], offset) for offset in (node.col_offset, node.end_col_offset))
            assert lines[node.lineno - 1][first:last] == node.id
