"""What is executed means what IPython would execute, on hand-made and on generated cells."""

from __future__ import annotations

import ast
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2pipe.frontend.magics import translate
from nb2pipe.frontend.parsing import parse

transformer = pytest.importorskip("IPython.core.inputtransformer2")

CELLS = """%matplotlib inline
----
x = !ls {a}
----
x: list = !ls
----
a.b[0] = %pwd
----
?
----
obj.attr?
----
obj*?
----
%time?
----
%%time?
----
!ls foo?
----
x = !ls foo?
----
x = foo?
----
a[0].b?
----
foo()?
----
if x:
    !ls
else:
    %time f()
----
def f():
    !ls
    return 1
----
y = (1
 %b
 !c)
----
y = (1
  % b)
!ls
----
!ls \\
  -la \\
  foo
x = 1
----
%time f(a, \\
   b)
----
# comment
%time x
----

\x20\x20\x20
%time x
----
    x = 1
    %time y
    if x:
        !ls
----
>>> x = 1
>>> if x:
...     y = 2
----
In [1]: x = 1
   ...: y = 2
----
,f a b
----
;f a b
----
/f a b
----
!echo "unclosed
x = 1
----
%%bash
echo "x" \\
   y
----
%%bash
----
%%writefile foo.py
import x
x = '''a'''
----
%%foo\x20\x20
body

----
x = 1;
%time y
----
class A:
    %time x = 1
----
x = {
  'a': 1,
  %b
}
----
print("a"); !ls
----
x += !ls
----
f(a=!ls)
----
a = b = !ls
----
a, b = !ls
----
x = %time
----
x = %
----
%
----
!
----
x = !
----
%  time x
----
print('a?')
!x
----
x = 1 # what?
!x
----
lambda x: %y
----
x = lambda a=1: !ls
----
try:
    !ls
except: pass
----
"\\
!ls"
!pwd
----
x = [
!ls
]
----
!ls # comment?
----
@dec
!ls
----
!ls\t foo
----
%%sql
SELECT * FROM x WHERE a LIKE '%b'""".split("\n----\n")


def agree(source: str) -> None:
    # IPython 9 dedents every cell with `textwrap`, which also empties blank lines; in a text of the notebook we keep them.
    source = re.sub(r"(?m)^[ \t]+$", "", source)
    ours = translate(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = transformer.TransformerManager().transform_cell(source)
        except SyntaxError:
            theirs = "="
        reference, _ = parse(theirs)
        mine = parse(ours.executed)[0] if ours.fault is None else None
    if ours.magic and reference:
        # IPython hands the rest of the cell to the magic as a text; ours stays code.
        name, line = ours.magic
        (call,) = [node for node in ast.walk(reference) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)][:1]
        body = ast.literal_eval(call.args[2])
        assert [ast.literal_eval(argument) for argument in call.args[:2]] == [name, line]
        reference, _ = parse(transformer.TransformerManager().transform_cell(body))
    assert (mine is None) == (reference is None), (source, ours.executed, theirs)
    if mine and reference:
        assert ast.dump(mine) == ast.dump(reference), (source, ours.executed, theirs)


@pytest.mark.parametrize("source", CELLS)
def test_executed_means_what_ipython_would_execute(source) -> None:
    agree(source)


SIMPLE = st.sampled_from(
    [
        "x = 1",
        "y = (1,\n  % 2)",
        "s = '''\n%t\n!x?\n'''",
        "# why?",
        "f(a % b)",
        "!ls -l {x}",
        "%time f(x)",
        "z = !ls",
        "w = %pwd",
        "x?",
        "?x",
        "%cd ..",
        "!a \\\n b",
        "v = [\n1]",
        "x == y",
        "!",
        "q = 'a?'",
        "x !=y",
        "",
        "  ",
        "\t",
        "%matplotlib inline # c",
        "t = 3 \\\n  % 2",
    ],
)
BLOCKS = st.builds(
    lambda head, lines: head + "\n" + "\n".join("    " + line.replace("\n", "\n    ") for line in lines),
    st.sampled_from(["if x:", "def f():", "for i in a:", "with a as b:"]),
    st.lists(SIMPLE, min_size=1, max_size=3),
)
HEADS = st.sampled_from(["", "", "", "%%time\n", "%%capture out\n", "\n\n", "%%bash\n"])


@settings(max_examples=150, deadline=None)
@given(HEADS, st.lists(SIMPLE | BLOCKS, max_size=5), st.sampled_from(["", "\n", "\n\n"]))
def test_generated_cells_mean_what_ipython_would_execute(head, parts, tail) -> None:
    agree(head + "\n".join(parts) + tail)
