"""Random notebooks print the same whole and step by step.

Each step runs in fresh globals with only what the pipeline hands it, every port pickled on its own, as the step runtime does it.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
import types

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb2pipe.frontend import read_text
from nb2pipe.ir.pipeline import ChunkKind, Pipeline
from nb2pipe.lower.pipeline import lower

NAMES = ("a", "b", "c", "d")

PRELUDE = """\
# %% setup
import copy
def grow(x, y=1):
    x.append(y)
    return x
def pure(x):
    return [each for each in x] + [k]
def bump():
    global counter
    counter = counter + 1
    return counter
def through(f, x):
    return f(x)
def make(n):
    def inner(x):
        return x + [n, k]
    return inner
class Box:
    def __init__(self, items):
        self.items = items
    def put(self, x):
        self.items.append(x + k)
        return self
    def __repr__(self):
        return f"Box({self.items})"
add = make(3)
# %% step:s0
k = 1
counter = 0
a = [1]
b = [2]
c = {"x": [3]}
d = Box([4])
"""

LINES = (
    "{p} = [{n}]",
    "{p} = {q}",
    "{p} = copy.deepcopy({q})",
    "{p} = {{'x': {q}}}",
    "{p} = [{q}]",
    "{p} = Box([{n}])",
    "{p} = Box({q})",
    "{p} = (lambda v: [v, k])({n})",
    "k = {n}",
    "bump()",
    "print('counter', counter)",
    "print('{p}', {p})",
    "if isinstance({p}, list): {p}.append({n})",
    "if isinstance({p}, list): grow({p}, {n})",
    "if isinstance({p}, list): {q} = grow({p})",
    "if isinstance({p}, list): {q} = pure({p})",
    "if isinstance({p}, list): {q} = through(pure, {p})",
    "if isinstance({p}, list): {q} = add({p})",
    "if isinstance({p}, dict): {p}['y'] = {n}",
    "if isinstance({p}, dict) and isinstance({p}['x'], list): {p}['x'].append({n})",
    "if isinstance({p}, dict): {q} = {p}['x']",
    "if isinstance({p}, dict): {p}['x'] = {q}",
    "if isinstance({p}, Box): {p}.put({n})",
    "if isinstance({p}, Box): {q} = {p}.items",
    "if isinstance({p}, list) and len({p}) < 20: {p} += [{n}]",
    "for item in [{p}, {q}]:\n    if isinstance(item, list): item.append({n})",
    "for i in range({n}):\n    if isinstance({p}, list): {p}.append(i)",
    "if k > {n}:\n    {p} = [{n}, k]",
    "try:\n    {p}.put({n})\nexcept AttributeError:\n    {q} = [{n}]",
    "del {p}\n{p} = [{n}]",
    "{p}, {q} = {q}, {p}",
    "x_{p} = [each for each in range({n})]\nprint(x_{p})",
)

line = st.builds(
    lambda text, p, q, n: text.format(p=p, q=q, n=n),
    st.sampled_from(LINES),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.integers(0, 3),
)
notebooks = st.lists(st.lists(line, min_size=1, max_size=4), min_size=1, max_size=6)

END = "# %% step:end\nprint(k, counter, a, b, c, d, a is b, b is d)\n"


def script(cells: list[list[str]]) -> str:
    """Write cells as a percent script, a step each."""
    return PRELUDE + "".join(f"# %% step:s{i}\n" + "\n".join(cell) + "\n" for i, cell in enumerate(cells, 1)) + END


def run_whole(text: str) -> str:
    """Run the script in one module and return what it prints."""
    with module() as globals_, contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(text, "whole", "exec"), globals_)
    return out.getvalue()


@contextlib.contextmanager
def module():  # type: ignore[no-untyped-def]
    """Give fresh globals that pickle finds as `__main__`."""
    before, fresh = sys.modules["__main__"], types.ModuleType("__main__")
    sys.modules["__main__"] = fresh
    try:
        yield fresh.__dict__
    finally:
        sys.modules["__main__"] = before


def run_steps(pipeline: Pipeline) -> str:
    """Run each step in a module of its own and return what they print."""
    store: dict[tuple[str, str], bytes] = {}
    printed = ""
    for step in pipeline.steps:
        with module() as globals_, contextlib.redirect_stdout(io.StringIO()) as out:
            for kind in ChunkKind:
                if kind == ChunkKind.DERIVED:
                    for port in step.inputs:
                        source = next(e.producer for e in pipeline.edges if (e.consumer.step, e.consumer.port) == (step.name, port.name))
                        values = pickle.loads(store[source.step, source.port])
                        globals_.update({name: values[name] for name in port.names})
                for chunk in step.body:
                    if chunk.kind == kind:
                        exec(compile(chunk.text, f"cell {chunk.number}", "exec"), globals_)
            for port in step.outputs:
                store[step.name, port.name] = pickle.dumps({name: globals_[name] for name in port.names})
        printed += out.getvalue()
    return printed


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(notebooks)
def test_steps_print_what_the_notebook_prints(cells: list[list[str]]) -> None:
    """A step gets exactly what it needs, through aliases, closures, methods, late binding and in-place changes."""
    text = script(cells)
    try:
        expected = run_whole(text)
    except Exception:
        return
    notebook = read_text(text, "random.py").value
    assert notebook is not None
    result = lower(notebook)
    assert result.value is not None, result.diagnostics
    assert run_steps(result.value) == expected
