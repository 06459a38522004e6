"""One step as one process: parameters, order, failure, outputs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nb2pipe.emit import stepfiles
from nb2pipe.ir.pipeline import Chunk, ChunkKind, Control, Edge, Endpoint, ParameterType, Pipeline, Port, Step
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable

Run = "Callable[..., Any]"


def chunk(kind: ChunkKind, number: int, line: int, text: str, magic: tuple[str, str] | None = None) -> Chunk:
    return Chunk(kind=kind, cell=CellId(f"c{number}"), number=number, line=line, text=text, magic=magic)


def test_a_step_binds_parameters_runs_and_sends_outputs(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "total = depth * 2\nprint(total, type(depth).__name__)",
        parameters={"depth": ("int", 3, 3.0)},
        outputs={"total": "int", "data": "Dataset"},
        names={"data": ("total",)},
    )
    assert (done.stderr, done.status) == ("", 0)
    assert done.stdout == "cell 1 │ 6 int\n"
    assert done.result["parameterValues"] == {"total": 6}
    assert done.artifact("data")["uri"] == str(done.path("data"))
    assert json.loads(done.artifact("data")["metadata"]["nb2pipe_encoding"]) == {"total": "json"}
    assert (done.path("data") / "total.json").read_text() == "6"


@pytest.mark.parametrize(
    ("kind", "default", "sent", "expected"),
    [
        ("int", 1, 3.0, "3"),
        ("int", 1, "3", "3"),
        ("float", 0.5, 1, "1.0"),
        ("bool", True, "true", "True"),
        ("bool", True, False, "False"),
        ("str", "a", 3, "'3'"),
        ("str", "a", "3.0", "'3.0'"),
        ("list", [64, 32], [64.0, 32.0], "[64, 32]"),
        ("list", [0.5, 1.0], [0.25, 2], "[0.25, 2.0]"),
        ("list", [], "[1, 2]", "[1, 2]"),
        ("dict", {"depth": 3, "rate": 1.0}, {"depth": 3.0, "rate": 1}, "{'depth': 3, 'rate': 1.0}"),
        ("dict", {}, '{"a": "b"}', "{'a': 'b'}"),
        ("int", 1, None, "None"),
    ],
)
def test_a_parameter_has_its_python_type_whichever_runner_sent_it(
    run_step: Callable[..., Any], kind: str, default: Any, sent: Any, expected: str
) -> None:
    assert run_step("print(repr(p))", parameters={"p": (kind, default, sent)}).stdout == f"cell 1 │ {expected}\n"


def test_a_missing_parameter_is_nb801(run_step: Callable[..., Any]) -> None:
    done = run_step("print(item)", foreach="items", item=1, parameters={"depth": ("int", 1, 1)})
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr == "error[NB801] input-missing: parameter `depth` was not given to this step\n"


def test_an_optional_parameter_that_kfp_leaves_out_is_none(run_step: Callable[..., Any]) -> None:
    done = run_step("print(limit, depth)", parameters={"limit": ("int", None, None), "depth": ("int", 1, 2)}, optional=("limit",))
    assert (done.stderr, done.stdout) == ("", "cell 1 │ None 2\n")


def test_a_step_runs_with_the_runtime_of_the_image(run_step: Callable[..., Any]) -> None:
    root = Path(__file__).parents[2]
    done = run_step("1 + 1", runtime="image", environment={"PYTHONPATH": str(root)})
    assert (done.stderr, done.stdout) == ("", "cell 1 │ 2\n")


def test_items_of_a_list_made_by_a_step_keep_their_types(run_step: Callable[..., Any], tmp_path: Path) -> None:
    """The maker sends each item as JSON text; the fan-out step and any other reader decode it."""
    items = [1, "1", 1.0, None, True, "{{x}}", {"a": [1.0, "$(HOME)"]}]
    cell = chunk(ChunkKind.CELL, 1, 1, "print(xs)")
    xs = Port(name="xs", names=("xs",), parameter=ParameterType.LIST)
    maker = Step(name="maker", cells=(), body=(chunk(ChunkKind.CELL, 1, 1, f"xs = {items!r}"),), outputs=(xs,))
    loop = Step(name="loop", cells=(), body=(cell,), inputs=(xs,), control=Control(foreach="xs"))
    reader = Step(name="reader", cells=(), body=(cell,), inputs=(xs,))
    edges = tuple(Edge(producer=Endpoint(step="maker", port="xs"), consumer=Endpoint(step=name, port="xs")) for name in ("loop", "reader"))
    pipeline = Pipeline(name="p", notebook="n.ipynb", steps=(maker, loop, reader), edges=edges)

    def run(step: Step, given: dict[str, Any]) -> Any:
        command, arguments = stepfiles.container(pipeline, step)
        document = {"inputs": {"parameterValues": given}, "outputs": {"outputFile": str(tmp_path / "out" / "result.json")}}
        words = [sys.executable, *command[1:], *arguments[:4], json.dumps(document)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.removeprefix("cell 1 │ ")

    run(maker, {})
    sent = json.loads((tmp_path / "out" / "result.json").read_text())["parameterValues"]["xs"]
    assert all(isinstance(item, str) for item in sent)
    assert sent[:5] == ["1", '"1"', "1.0", "null", "true"]
    assert run(reader, {"xs": sent}) == f"{items}\n"
    inside = Step(name="loop", cells=(), body=(cell,), control=Control(foreach="xs"))
    assert [run(inside, {"xs-item": item}) for item in sent] == [f"{[item]}\n" for item in items]


def test_a_fan_out_runs_the_loop_once_with_its_item(run_step: Callable[..., Any]) -> None:
    done = run_step("for size in sizes:\n    print(size)", foreach="sizes", item={"a": 2.0})
    assert done.stdout == "cell 1 │ {'a': 2}\n"


def test_chunks_run_shared_first_then_inputs_then_derived_then_cells(run_step: Callable[..., Any]) -> None:
    first = run_step("x = 5", outputs={"x": "Artifact"})
    done = run_step(
        chunk(ChunkKind.CELL, 3, 1, "print('cell', x, y, one)"),
        chunk(ChunkKind.DERIVED, 2, 4, "y = x + 1\nprint('derived')"),
        chunk(ChunkKind.SHARED, 1, 1, "one = 1\nprint('shared', 'x' in globals())\n"),
        inputs={"x": first.artifact("x")},
    )
    assert done.stdout.splitlines() == ["cell 1 │ shared False", "cell 2 │ derived", "cell 3 │ cell 5 6 1"]


def test_nothing_runs_after_the_first_error_and_nothing_is_sent(run_step: Callable[..., Any]) -> None:
    done = run_step("x = 1", "\n\ny = 1 / 0\nprint('after')", "print('later')", outputs={"x": "Artifact"})
    assert (done.status, done.stdout, done.result) == (1, "", {})
    assert not done.path("x").exists()
    assert done.stderr == (
        "Traceback (most recent call last):\n"
        '  File "churn.ipynb › cell 2 (step train)", line 3, in <module>\n'
        "    y = 1 / 0\n"
        "        ~~^~~\n"
        "ZeroDivisionError: division by zero\n"
        "error[NB803] step-raised: ZeroDivisionError: division by zero at churn.ipynb › cell 2 (step train), line 3\n"
    )


def test_an_error_in_a_shared_function_is_placed_in_its_own_cell(run_step: Callable[..., Any]) -> None:
    done = run_step(
        chunk(ChunkKind.SHARED, 2, 7, "def f(x):\n    return {}[x]"),
        chunk(ChunkKind.CELL, 5, 1, "import functools\nlist(map(f, [1]))"),
    )
    assert done.status == 1
    assert 'cell 5 (step train)", line 2, in <module>' in done.stderr
    assert 'cell 2 (step train)", line 8, in f\n    return {}[x]' in done.stderr
    assert done.stderr.endswith("KeyError: 1 at churn.ipynb › cell 2 (step train), line 8\n")
    assert "runtime" not in done.stderr


def test_a_chained_error_has_no_frames_of_ours(run_step: Callable[..., Any]) -> None:
    done = run_step("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('bad\\nvalue') from error")
    assert "direct cause" in done.stderr
    assert "runtime" not in done.stderr
    assert done.stderr.endswith("step-raised: ValueError: bad value at churn.ipynb › cell 1 (step train), line 4\n")


def test_a_failed_assertion_of_a_gate_is_a_verdict_with_values(run_step: Callable[..., Any]) -> None:
    done = run_step("accuracy, floor = 0.83, 0.9", "assert (\n    accuracy >= floor\n), 'too low'", gate=True)
    assert done.status == 1
    assert done.stderr.splitlines()[-1] == (
        "error[NB804] gate-rejected: assert accuracy >= floor (accuracy = 0.83, floor = 0.9): too low"
        " at churn.ipynb › cell 2 (step train), line 2"
    )


def test_a_failed_assertion_elsewhere_is_a_crash(run_step: Callable[..., Any]) -> None:
    assert "error[NB803] step-raised: AssertionError at" in run_step("assert 1 == 2").stderr
    shared = run_step(chunk(ChunkKind.SHARED, 1, 1, "assert False"), "pass", gate=True)
    assert "error[NB803]" in shared.stderr


def test_sys_exit_ends_the_step_as_a_failure(run_step: Callable[..., Any]) -> None:
    done = run_step("import sys\nsys.exit(0)", "print('later')")
    assert (done.status, done.stdout) == (1, "")
    assert done.stderr.endswith("error[NB803] step-raised: SystemExit: 0 at churn.ipynb › cell 1 (step train), line 2\n")


def test_an_interrupt_ends_with_130(run_step: Callable[..., Any]) -> None:
    done = run_step("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport time\ntime.sleep(5)")
    assert done.status == 130
    assert "error[NB803] step-raised: KeyboardInterrupt" in done.stderr


def test_top_level_await_runs_in_one_loop(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import asyncio\nevent = asyncio.Event()\nloop = asyncio.get_running_loop() if await asyncio.sleep(0) else None",
        "event.set()\nawait event.wait()\nasync def f(): return 7",
        "await f()",
    )
    assert (done.status, done.stdout) == (0, "cell 3 │ 7\n")


def test_futures_reach_later_cells(run_step: Callable[..., Any]) -> None:
    done = run_step("from __future__ import annotations", "def f(x: Unknown): pass\nprint(f.__annotations__)")
    assert done.stdout == "cell 2 │ {'x': 'Unknown'}\n"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("1 + 1", "2"), ("1 + 1;", ""), ("1 + 1;  # quiet", ""), ("'é' * 2 ;", ""), ("None", ""), ("x = 2", ""), ("f'{1}'", "'1'")],
)
def test_the_last_expression_is_displayed_unless_a_semicolon_ends_it(run_step: Callable[..., Any], cell: str, shown: str) -> None:
    assert run_step(cell).stdout == (f"cell 1 │ {shown}\n" if shown else "")


def test_functions_of_the_notebook_have_their_source(run_step: Callable[..., Any]) -> None:
    done = run_step("import inspect", "# comment\n\ndef f():\n    return 1", "print(inspect.getsource(f))")
    assert done.stdout.splitlines()[:2] == ["cell 3 │ def f():", "cell 3 │     return 1"]


def test_a_user_binding_of_display_wins(run_step: Callable[..., Any]) -> None:
    done = run_step("def display(x):\n    print('mine', x)", "display(3)")
    assert done.stdout == "cell 2 │ mine 3\n"


def test_an_unbound_output_stays_unbound_in_the_next_step(run_step: Callable[..., Any]) -> None:
    first = run_step("a = 1", outputs={"port": "Artifact"}, names={"port": ("a", "b")})
    second = run_step("print(a, 'b' in globals())", inputs={"port": first.artifact("port")}, names={"port": ("a", "b")})
    assert second.stdout == "cell 1 │ 1 False\n"


@pytest.mark.parametrize(
    ("kind", "code", "message"),
    [
        ("int", "x = 2**53 + 1", "is not a double"),
        ("dict", "x = {'a': object()}", "not JSON serializable"),
        ("float", "x = float('nan')", "JSON compliant"),
        ("int", "pass", "is not bound"),
    ],
)
def test_a_value_that_is_no_parameter_is_refused(run_step: Callable[..., Any], kind: str, code: str, message: str) -> None:
    done = run_step(code, outputs={"x": kind})
    assert done.status == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_numpy_values_leave_as_parameters(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import numpy as np\nn = np.int64(3); f = np.float32(0.5); b = np.bool_(True); xs = np.arange(3)",
        outputs={"n": "int", "f": "float", "b": "bool", "xs": "list"},
    )
    assert done.result["parameterValues"] == {"n": 3, "f": 0.5, "b": True, "xs": [0, 1, 2]}


def test_fan_in_concatenates_merges_or_takes_the_last(run_step: Callable[..., Any]) -> None:
    lists = [run_step(f"x = [{i}]", outputs={"x": "Artifact"}).artifact("x") for i in range(3)]
    dicts = [run_step(f"x = {{{i}: 'v{i}'}}", outputs={"x": "Artifact"}).artifact("x") for i in range(2)]
    assert run_step("x", inputs={"x": lists}, collect="concatenate").stdout == "cell 1 │ [0, 1, 2]\n"
    assert run_step("x", inputs={"x": dicts}, collect="merge").stdout == "cell 1 │ {0: 'v0', 1: 'v1'}\n"
    assert run_step("x", inputs={"x": lists}, collect="last").stdout == "cell 1 │ [2]\n"
    assert run_step("x", inputs={"x": []}, collect="concatenate").stdout == "cell 1 │ []\n"


@pytest.mark.parametrize("encode", [dict, json.dumps])
def test_an_exit_handler_is_told_how_the_run_ended(run_step: Callable[..., Any], encode: Callable[..., Any]) -> None:
    done = run_step(
        "import os\nprint(os.environ['NB2PIPE_RUN_STATE'], os.environ['NB2PIPE_RUN_ERROR'])",
        on_exit=encode({"state": "FAILED", "error": {"message": "no memory"}}),
    )
    assert done.stdout == "cell 1 │ FAILED no memory\n"


def test_another_schema_is_refused_and_a_later_minor_one_read(run_step: Callable[..., Any]) -> None:
    def change(schema: str) -> Callable[[list[str]], list[str]]:
        return lambda words: [word.replace("nb2pipe.step/1", schema) if word.startswith('{"chunks') else word for word in words]

    refused = run_step("print(1)", before=change("nb2pipe.step/2"))
    assert (refused.status, refused.stdout) == (1, "")
    assert refused.stderr.startswith("error[NB802] encoding-mismatch: this runtime reads `nb2pipe.step/1`")
    assert run_step("print(1)", before=change("nb2pipe.step/1.7")).status == 0


def hostile_strings() -> list[str]:
    """Make 1,000 strings that something on the way might interpret."""
    pieces = [
        "{{", "}}", "{{$}}", "{{$.inputs.parameters['p']}}", "{{workflow.name}}", "{{= 1+1 }}", "{~{", "{~~{", "$~(", "$$", "$(PATH)", "${HOME}",
        "`id`", "$(id)", "; rm -rf /", "&& exit", "'", '"', "\\", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "%s", "%(a)s", "{0}", "{x!r}", "__import__('os')",
        "import os", '"""', "'''", "#", "\\N{BULLET}", "\\u0041", "é", "漢字", "😀", "\U0010ffff", "\u2028", "\ud800", "\udfff", "\ud83d", "NaN", "null",
        "true", "1e3", "[1,", '{"a":', "<b>&amp;</b>", "<script>", "../..", "~", "-", "--help", "@file", "!cmd", "%magic", "{", "$", "~",
    ]  # fmt: skip
    seeded = random.Random(20261123)
    made = ["".join(seeded.choices(pieces, k=seeded.randint(1, 7))) for _ in range(2000)]
    carried = [text for text in made if json.loads(json.dumps(text)) == text]  # JSON joins two surrogates that meet
    return [*pieces, *carried][:1000]


def test_a_thousand_hostile_strings_arrive_as_they_are(run_step: Callable[..., Any]) -> None:
    strings = hostile_strings()
    done = run_step(
        "import json\nprint(len(strings))\nopen('got.json', 'w').write(json.dumps([strings, table, one]));",
        parameters={
            "strings": ("list", [], strings),
            "table": ("dict", {}, {text: [text] for text in strings}),
            "one": ("str", "", "{{$}} $$(HOME) {~{"),
        },
    )
    assert (done.status, done.stdout) == (0, "cell 1 │ 1000\n")
    assert json.loads((done.folder / "got.json").read_text()) == [strings, {text: [text] for text in strings}, "{{$}} $$(HOME) {~{"]


def test_hostile_code_arrives_as_it_is(run_step: Callable[..., Any]) -> None:
    done = run_step("x = '{{$}} $(HOME) $$ {~{ $~( }}'\nprint(x)")
    assert done.stdout == "cell 1 │ {{$}} $(HOME) $$ {~{ $~( }}\n"
