"""The packed runtime: small, equal to its sources, standard library only."""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nb2pipe.emit import packing, stepfiles
from nb2pipe.ir.pipeline import Chunk, ChunkKind, Edge, Endpoint, Pipeline, Port, Step
from nb2pipe.source import CellId

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(packing.runtime_root())
SOURCES = sorted(ROOT.rglob("*.py"))
ALL = tuple(packing.handler_table())
USUAL = ("arrays", "estimators", "frames", "plain")  # NumPy, scikit-learn, pandas


class Bare(ast.NodeTransformer):
    """Takes out of a syntax tree what packing takes out of the text, and gives local names their letters."""

    def visit_Module(self, node: Any) -> Any:
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
        return node

    def visit_ClassDef(self, node: Any) -> Any:
        return self.visit_Module(node)

    def visit_FunctionDef(self, node: Any) -> Any:
        node.returns = None
        return self.visit_Module(node)

    def visit_arg(self, node: Any) -> Any:
        node.annotation = None
        node.arg = packing.SHORT.get(node.arg, node.arg)
        return node

    def visit_Name(self, node: Any) -> Any:
        node.id = packing.SHORT.get(node.id, node.id)
        return node

    def visit_ExceptHandler(self, node: Any) -> Any:
        node.name = packing.SHORT.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: Any) -> Any:
        return ast.Assign([self.visit(node.target)], self.visit(node.value), lineno=1)

    def visit_ImportFrom(self, node: Any) -> Any:
        return None if node.module == "__future__" else node

    def visit_Assign(self, node: Any) -> Any:
        return None if ast.unparse(node.targets[0]) == "TYPE_CHECKING" else self.generic_visit(node)

    def visit_If(self, node: Any) -> Any:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def unpacked(text: str) -> dict[str, str]:
    """Unpack with the very code of the bootstrap."""
    code = stepfiles.BOOTSTRAP[: stepfiles.BOOTSTRAP.index("sys.meta_path")].replace("sys.argv[2]", "PACKED")
    names: dict[str, Any] = {"PACKED": text}
    exec(code, names)
    found: dict[str, str] = names["Runtime"].sources
    return found


def module_name(path: Path) -> str:
    return f"jupyter_mlops.runtime.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}".removesuffix(".__init__")


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_packing_takes_out_only_what_people_and_type_checkers_read(path: Path) -> None:
    packed = unpacked(packing.runtime_text())[module_name(path)]
    assert ast.unparse(ast.parse(packed)) == ast.unparse(ast.fix_missing_locations(Bare().visit(ast.parse(path.read_text()))))
    assert '"""' not in packed or path.stem == "page"
    assert not re.search(r"^\s*#|  #", packed, re.MULTILINE)


def test_no_name_with_a_letter_of_its_own_is_known_by_its_name_elsewhere() -> None:
    """What is imported, defined, built in or passed by keyword must keep its name; so must what the user's code passes by keyword."""
    kept = set(dir(builtins)) | {"raw", "display_id", "wait", "data", "url", "filename", "split"}
    used = set()
    for path in SOURCES:
        kept.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                kept |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                kept.add(node.name)
            elif isinstance(node, ast.keyword):
                kept.add(node.arg or "")
            elif isinstance(node, ast.Name):
                used.add(node.id)
        kept |= {target.id for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign) for target in node.targets}  # type: ignore[attr-defined]
    assert kept & packing.SHORT.keys() == set()
    assert used.isdisjoint(packing.SHORT.values())
    assert len(set(packing.SHORT.values())) == len(packing.LOCALS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_runtime_keeps_to_python_3_9(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 9))


def test_the_packed_runtime_is_within_its_budget() -> None:
    usual = [
        packing.runtime_text(("artifacts", "hooks", "page", "reports"), USUAL),
        packing.runtime_text(("artifacts", "gate", "reports", "values"), USUAL),
        packing.runtime_text(("artifacts", "page", "values"), USUAL),
    ]
    assert [len(text) for text in usual if len(text) > 10_000] == []
    everything_ordinary = packing.runtime_text(("artifacts", "classification", "gate", "hooks", "page", "reports", "values"), USUAL)
    assert len(everything_ordinary) <= 11_600  # more than a pipeline may embed: the step is split, or the runtime comes from the image
    assert len(packing.runtime_text()) <= 18_000


def test_the_packed_text_holds_nothing_that_anyone_expands_or_lengthens() -> None:
    for parts in (packing.OPTIONAL, ("artifacts",), ()):
        assert re.fullmatch(r"[0-9A-Za-z!#%()*+\-;=?@^_`|}~\[\].,/]+", packing.runtime_text(parts))
    for bootstrap in (stepfiles.BOOTSTRAP, stepfiles.IMAGE_BOOTSTRAP):
        assert not re.search(r"\{\{|\$\$|\$\(|python3", bootstrap)
        assert "kfp.dsl.executor_main" in bootstrap


def test_a_packed_table_names_only_what_is_packed() -> None:
    table = unpacked(packing.runtime_text(("artifacts",), USUAL))["jupyter_mlops.runtime.serializers"]
    assert '"frames"' in table
    assert '"skops"' in table
    assert '"boosters"' not in table
    assert "keras tensorflow" not in table


@pytest.mark.parametrize(
    ("kind", "encoding", "handlers"),
    [
        ("float", None, {"plain"}),
        ("dict", None, {"plain"}),
        ("pandas.DataFrame", None, {"frames", "plain"}),
        ("numpy.ndarray", None, {"arrays", "plain"}),
        ("sklearn.linear_model.LogisticRegression", None, {"estimators", "plain"}),
        ("keras.Sequential", None, {"keras_models", "plain"}),
        ("keras.Sequential", "savedmodel", {"tensors"}),
        ("imblearn.ensemble.Forest", None, {"arrays", "frames", "plain"}),
        ("datetime.date", None, {"plain"}),
    ],
)
def test_a_known_type_brings_only_its_own_serializers(kind: str, encoding: str | None, handlers: set[str]) -> None:
    assert packing.handlers_of_port(Port(name="x", names=("x",), type=kind, encoding=encoding)) == handlers


def chain(*links: tuple[str, str]) -> Pipeline:
    """Make steps a, b, … that each import a module and pass a value of the given type on to the next."""
    steps, edges = [], []
    for name, (imports, kind) in zip("abcdef", links, strict=False):
        before, port = chr(ord(name) - 1), f"from_{name}"
        inputs = (Port(name=f"from_{before}", names=("x",)),) if steps else ()
        edges += (
            [Edge(producer=Endpoint(step=before, port=f"from_{before}"), consumer=Endpoint(step=name, port=f"from_{before}"))]
            if steps
            else []
        )
        steps.append(
            Step(
                name=name,
                cells=(),
                body=(),
                inputs=inputs,
                outputs=(Port(name=port, names=("x",), type=kind),),
                imports=tuple(imports.split()),
            )
        )
    return Pipeline(name="p", notebook="n.ipynb", steps=tuple(steps), edges=tuple(edges))


def test_an_unknown_type_brings_the_serializers_of_the_imports_upstream_and_no_others() -> None:
    pipeline = chain(("polars", ""), ("json", ""), ("xgboost", "float"), ("torch", "float"))
    first, second, third, fourth = (set(packing.packed_handlers(pipeline, step)) for step in pipeline.steps)
    assert first == second == third == {"arrays", "plain", "tables"}
    assert fourth == {"plain"}


def test_a_reader_has_whatever_its_writer_could_choose() -> None:
    pipeline = chain(("lightgbm sklearn", ""), ("pandas", "pandas.DataFrame"), ("numpy", "numpy.ndarray"), ("", "float"), ("requests", ""))
    packed = [set(packing.packed_handlers(pipeline, step)) for step in pipeline.steps]
    for index, (writer, step) in enumerate(zip(packed, pipeline.steps, strict=True)):
        alone = Pipeline(name="p", notebook="n", steps=pipeline.steps, edges=pipeline.edges[:index])
        own = set(packing.packed_handlers(alone, Step(name=step.name, cells=(), body=(), outputs=step.outputs, imports=step.imports)))
        assert own <= writer
        assert index == len(packed) - 1 or own <= packed[index + 1]


def one_step(*texts: str, runtime: str = "embed") -> tuple[Pipeline, Step]:
    body = tuple(Chunk(kind=ChunkKind.CELL, cell=CellId("c"), number=n, line=1, text=text) for n, text in enumerate(texts, 1))
    step = Step(name="only", cells=(), body=body)
    return Pipeline(name="p", notebook="n.ipynb", steps=(step,), runtime=runtime), step


def test_what_a_step_does_not_use_is_not_packed() -> None:
    pipeline, step = one_step("x = 1")
    names = unpacked(stepfiles.container(pipeline, step)[1][1])
    assert set(names) == {"jupyter_mlops.runtime"} | {f"jupyter_mlops.runtime.{name}" for name in packing.CORE}
    pipeline, step = one_step("get_ipython().system('ls')")
    assert "jupyter_mlops.runtime.shell" in unpacked(stepfiles.container(pipeline, step)[1][1])


def test_the_image_form_embeds_nothing() -> None:
    pipeline, step = one_step("x = 1", runtime="image")
    command, arguments = stepfiles.container(pipeline, step)
    assert arguments[1] == ""
    assert "zlib" not in command[3]
    done = subprocess.run([sys.executable, "-I", "-S", *command[2:], *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (
        done.stderr
        == "error: the image has no step runtime\n  fix: pip install jupyter-mlops in the image, or compile with --runtime embed\n"
    )


def test_two_hundred_steps_with_the_image_form_stay_under_the_limit_of_a_workflow() -> None:
    pipeline, step = one_step("x = 1\n" * 30, runtime="image")
    whole = stepfiles.container(pipeline, step)
    assert 200 * len(json.dumps(whole)) < 400_000


def test_the_document_and_the_body_are_as_the_contract_says() -> None:
    pipeline, step = one_step("a = 1\n\nb = '{{x}}'\n", "a")
    command, arguments = stepfiles.container(pipeline, step)
    assert command[:3] == ["python3", "-u", "-c"]
    assert (arguments[0], arguments[4]) == ("only", "{{$}}")
    assert arguments[2] == (
        '{"chunks":[{"cell":1,"kind":"cell","line":1,"lines":3},{"cell":2,"kind":"cell","line":1,"lines":1,"shows":true}],'
        '"notebook":"n.ipynb","pickle":"sealed","pipeline":"p","schema":"nb2pipe.step/1","step":"only"}'
    )
    assert arguments[3] == "a = 1\n\nb = '{~{x}}'\na\n"


def test_the_runtime_imports_only_the_standard_library() -> None:
    """``-S`` removes installed packages: what imports here needs none."""
    names = [module_name(path) for path in SOURCES]
    code = f"import sys, importlib; sys.path.insert(0, {str(ROOT.parents[1])!r}); [importlib.import_module(name) for name in {names}]"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_importing_the_package_imports_nothing() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT.parents[1])!r}); before = set(sys.modules); import jupyter_mlops; print(set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'jupyter_mlops'}\n"


def test_a_step_runs_on_the_bare_interpreter(run_step: Callable[..., Any]) -> None:
    """No package of ours or anybody else's is installed where it runs."""
    done = run_step("x = {'a': (1, 2)}\nx", outputs={"x": "Artifact"}, displays=True, python=(sys.executable, "-I", "-S"), environment={})
    assert (done.status, done.stdout, done.stderr) == (0, "cell 1 │ {'a': (1, 2)}\n", "")


def test_a_step_loads_no_module_that_costs_start_up_time(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import sys\nprint(sorted(set(sys.modules) & {'dataclasses', 'typing', 'inspect', 'asyncio', 'subprocess', 'numpy', 'traceback', 'logging', 'tempfile'}))",
        outputs={},
        python=(sys.executable, "-I", "-S"),
    )
    assert done.stdout == "cell 1 │ []\n"


def test_a_step_costs_little_more_than_an_empty_program(run_step: Callable[..., Any]) -> None:
    """Compared within one run, as CPU seconds of whole processes; the budget is 0.3 s."""

    def cpu_seconds(run: Callable[[], object]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(5):
            run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5

    words: list[str] = []
    run_step("x = 1\nx", outputs={"x": "Artifact"}, displays=True, before=lambda given: words.extend(given) or given)
    step = cpu_seconds(lambda: subprocess.run(words, capture_output=True, check=True))
    bare = cpu_seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    assert step - bare < 0.3


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_step_runs_as_an_arbitrary_user_without_a_home(run_step: Callable[..., Any], tmp_path: Path) -> None:
    for folder in [tmp_path, *tmp_path.parents][:4]:
        folder.chmod(0o777)
    code = "import os; os.setgroups([]); os.setgid(0); os.setuid(65534); os.execv(os.sys.argv[1], os.sys.argv[1:])"
    done = run_step(
        "x = [1]\nimport os\nprint(os.getuid())",
        outputs={"x": "Artifact"},
        environment={"HOME": "/nonexistent"},
        before=lambda words: (Path(tmp_path / "run0").chmod(0o777), [sys.executable, "-c", code, "/usr/bin/python3", *words[1:]])[1],
    )
    assert (done.stderr, done.status, done.stdout) == ("", 0, "cell 1 │ 65534\n")
