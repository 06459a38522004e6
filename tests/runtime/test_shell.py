"""The small get_ipython(): shell commands and magics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nb2pipe.ir.pipeline import Chunk, ChunkKind
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable


def magic(name: str, line: str, text: str, number: int = 1) -> Chunk:
    return Chunk(kind=ChunkKind.CELL, cell=CellId(f"c{number}"), number=number, line=1, text="\n" + text, magic=(name, line))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("get_ipython().system('echo {n + 1} $n {{x}} {n:03} {n!r} $$n')", "8 7 {x} 007 7"),
        ("get_ipython().system(\"echo 1 2 | awk '{print $2}'\")", "2"),
        ("get_ipython().system(\"echo $n '$n'\")", "7 $n"),
        ("x = get_ipython().getoutput('printf \"a\\\\nb\"')\nprint(x, x.n == 'a\\nb', x.s)", "['a', 'b'] True a b"),
        ("get_ipython().system('exit 3')\nprint(_exit_code)", "3"),
        ("get_ipython().run_line_magic('matplotlib', 'inline')", None),
        ("get_ipython().run_line_magic('autoreload', '2')", None),
        ("get_ipython().run_line_magic('env', 'A=b c')\nimport os; print(os.environ['A'])", "b c"),
        ("get_ipython().run_line_magic('env', 'A {n}')\nimport os; print(os.environ['A'])", "7"),
        ("get_ipython().run_line_magic('cd', '/')\nprint(get_ipython().run_line_magic('pwd', ''))", "/"),
        ("get_ipython().run_line_magic('pip', 'install nothing')", "note: skipped in a step: pip install nothing (the image holds the packages)"),
        ("get_ipython().system('pip install -q nothing')", "note: skipped in a step: pip install -q nothing (the image holds the packages)"),
        ("get_ipython().system('python -m pip install x')", "note: skipped in a step: python -m pip install x (the image holds the packages)"),
        ("get_ipython().run_cell_magic('bash', '', 'echo one\\necho two')", "one\ncell 2 │ two"),
        ("get_ipython().run_cell_magic('script', 'cat -u', 'text')", "text"),
        ("get_ipython().run_cell_magic('writefile', 'f.txt', 'a\\n')\nget_ipython().run_cell_magic('writefile', '-a f.txt', 'b\\n')", "wrote 2 characters to f.txt\ncell 2 │ wrote 2 characters to f.txt"),
        ("print(get_ipython().run_line_magic('time', 'n * 2'))", None),
        ("get_ipython().run_line_magic('time', 'm = n')\nprint(m)", None),
    ],
)  # fmt: skip
def test_a_magic_does_what_it_does_in_a_notebook(run_step: Callable[..., Any], code: str, expected: str | None) -> None:
    done = run_step("n = 7", code)
    assert (done.status, done.stderr) == (0, "")
    if expected is not None:
        assert done.stdout == f"cell 2 │ {expected}\n"


def test_an_unknown_name_leaves_the_command_to_the_shell(run_step: Callable[..., Any]) -> None:
    assert run_step("y = 1\nget_ipython().system('X=1; echo $X {y} ${X}')").stdout == "cell 1 │ 1 {y} 1\n"


def test_a_failing_cell_script_stops_the_step(run_step: Callable[..., Any]) -> None:
    done = run_step("get_ipython().run_cell_magic('bash', '', 'echo a\\nexit 4')", "print('later')")
    assert (done.status, done.stdout) == (1, "cell 1 │ a\n")
    assert "CalledProcessError" in done.stderr.splitlines()[-1]


def test_time_runs_the_cell_in_the_namespace(run_step: Callable[..., Any]) -> None:
    done = run_step(magic("time", "", "x = 3"), "print(x)")
    first, second = done.stdout.splitlines()
    assert first.startswith("cell 1 │ time: ")
    assert second == "cell 2 │ 3"


def test_capture_binds_what_the_cell_wrote(run_step: Callable[..., Any]) -> None:
    done = run_step(
        magic("capture", "out --no-stderr", "import sys\nprint('hidden')\nprint('seen', file=sys.stderr)\n1"),
        "print(repr(out.stdout))\nout.show()",
    )
    assert done.stderr == "cell 1 │ seen\n"
    assert done.stdout == "cell 2 │ 'hidden\\n1\\n'\ncell 2 │ hidden\ncell 2 │ 1\n"


def test_an_unknown_cell_magic_just_runs(run_step: Callable[..., Any]) -> None:
    assert run_step(magic("heatmap", "", "print(5)")).stdout == "cell 1 │ 5\n"


def test_an_error_under_a_magic_has_its_line(run_step: Callable[..., Any]) -> None:
    done = run_step(magic("time", "", "\n1 / 0"))
    assert done.stderr.endswith("cell 1 (step train), line 3\n")


def test_a_cell_that_may_raise_does_not_end_the_step(run_step: Callable[..., Any]) -> None:
    """What it bound before stays, the traceback goes to the log, the next cell runs."""
    done = run_step(
        magic("raises-exception", "", "x = 1\n1 / 0\nx = 2\n"),
        Chunk(kind=ChunkKind.CELL, cell=CellId("c2"), number=2, line=1, text="print(x)\n"),
    )
    assert (done.status, done.stdout) == (0, "cell 2 │ 1\n")
    assert "ZeroDivisionError: division by zero" in done.stderr
