"""A step of the pipeline → the command line of its container, as `compiler/docs/step-json.md` lays it down.

The runtime is packed from its source files, which are read and never imported.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nb2pipe.emit.braces import escape
from nb2pipe.errors import Nb2PipeError
from nb2pipe.ir.pipeline import ChunkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nb2pipe.ir.pipeline import Chunk, Pipeline, Port, Step

SCHEMA = "nb2pipe.step/1"

# The readable part of the command. It contains nothing that Argo or the kubelet expands.
BOOTSTRAP = """\
# Unpacks the step runtime into memory and runs one step of a notebook (compiled by nb2pipe).
# Arguments: the step's name, the packed runtime, step.json, the step's code, KFP's executor input.
# KFP's local SubprocessRunner runs only commands that contain the text kfp.dsl.executor_main, hence this line: kfp is not used here.
import base64, sys, types, zlib
from importlib.machinery import ModuleSpec

class Runtime:
    packed = base64.b85decode(sys.argv[2].translate(str.maketrans("[.,/]", "{$<>&")))
    sources = dict(module.split("\\n", 1) for module in zlib.decompress(packed).decode().split("\\0"))

    def find_spec(self, name, path=None, target=None):
        if name in self.sources:
            return ModuleSpec(name, self, is_package=any(other.startswith(name + ".") for other in self.sources))

    def create_module(self, spec):
        return None  # let Python make it

    def exec_module(self, module):
        exec(compile(self.sources[module.__name__], module.__name__, "exec"), module.__dict__)

sys.meta_path.insert(0, Runtime())
try:
    import jupyter_mlops
except ImportError:
    jupyter_mlops = sys.modules["jupyter_mlops"] = types.ModuleType("jupyter_mlops")
    jupyter_mlops.__path__ = []
from jupyter_mlops.runtime.execute import main
sys.exit(main(sys.argv))
"""


OPTIONAL = ("artifacts", "fan_in", "gate", "hooks", "ipython", "page", "reports", "sharing", "shell", "values")

RUNTIME = "jupyter_mlops.runtime"
TABLE_ROW = re.compile(r'^ "(\w+)": \("([\w-]+)".*\n', re.MULTILINE)  # one names its handler first, the other second

# Base 85 uses digits that something on the way reads or lengthens: Argo `{{`, the kubelet `$(`, Go's JSON `<`, `>` and `&`.
DIGITS, DIGITS_SENT = "{$<>&", "[.,/]"

TYPE = r"[A-Za-z][\w.]*(?:\[[^\[\]]*(?:\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\][^\[\]]*)*\])?(?: \| [\w.]+)*"
STRIPS = (
    (r'^ *"""[^"]*(?:"(?!"")[^"]*)*"""\n', ""),
    (r"^TYPE_CHECKING = False\nif TYPE_CHECKING:\n(?:(?: .*)?\n)*", ""),
    (r"^from __future__ import annotations\n|^(?: *#.*)?\n|  # [^\n\"']*$", ""),
    (rf"^( +[\w.]+): {TYPE} = ", r"\1 = "),
    (rf"^( *def .*\)) -> {TYPE}:$", r"\1:"),
    (rf"(?<=[\w]): {TYPE}(?=(?: = [^,()]*(?:\(\))?)?(?:, .*)?\):$)", ""),
)


def container(pipeline: Pipeline, step: Step) -> tuple[list[str], list[str]]:
    """Make the command and the arguments of a step's container.

    Returns
    -------
    tuple of two lists of str
        The command ``python3 -u -c …`` and five arguments; the last one is the placeholder of the executor input.
    """
    imports = tuple(sorted({module for each in pipeline.steps for module in each.imports}))
    document = json.dumps(step_document(pipeline, step), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    arguments = [step.name, runtime_text(imports, optional_parts(step)), escape(document), escape(body_text(step)), "{{$}}"]
    return ["python3", "-u", "-c", BOOTSTRAP], arguments


def step_document(pipeline: Pipeline, step: Step) -> dict[str, object]:
    """Make `step.json` as a plain dict; what is empty or false is left out."""
    defaults = {parameter.name: parameter for parameter in pipeline.parameters}
    document: dict[str, object] = {
        "schema": SCHEMA,
        "pipeline": pipeline.name,
        "notebook": pipeline.notebook,
        "step": step.name,
        "chunks": chunk_entries(step.body),
        "pickle": pipeline.pickle,
    }
    parameters = []
    for name in step.parameters:
        entry: dict[str, object] = {"name": name, "type": defaults[name].type.value}
        shape = floats(json.loads(defaults[name].default or "null"))
        parameters.append(entry | ({"floats": shape} if shape and entry["type"] in ("list", "dict") else {}))
    optional: dict[str, object] = {
        "parameters": parameters,
        "foreach": step.control.foreach,
        "inputs": [input_entry(port) for port in step.inputs],
        "outputs": [output_entry(port) for port in step.outputs],
        "reports": [{"port": report.port, "name": report.name, "kind": report.kind.value} for report in step.reports],
        "display": display_port(step) if step.displays else None,
        "gate": step.gate is not None,
        "on_exit": step.control.on_exit,
    }
    over = defaults.get(step.control.foreach or "")
    if over is not None:
        optional["foreach_floats"] = floats(json.loads(over.default or "null"))
    return document | {key: value for key, value in optional.items() if value}


def chunk_entries(body: tuple[Chunk, ...]) -> list[dict[str, object]]:
    """Describe the slices of the body; ``shows`` marks those that end with an expression which the notebook displays."""
    entries: list[dict[str, object]] = []
    for chunk, following in zip(body, [*body[1:], None], strict=True):
        entry: dict[str, object] = {"kind": chunk.kind.value, "cell": chunk.number, "line": chunk.line, "lines": len(chunk_lines(chunk))}
        if chunk.magic:
            entry["magic"] = list(chunk.magic)
        if chunk.kind is ChunkKind.CELL and (following is None or following.number != chunk.number) and shows(chunk.text):
            entry["shows"] = True
        entries.append(entry)
    return entries


def shows(text: str) -> bool:
    """Say whether code ends with an expression and no semicolon behind it: Jupyter displays its value."""
    import ast

    try:
        last = ast.parse(text).body[-1]
    except (SyntaxError, ValueError, IndexError):  # the step will say what is wrong
        return False
    line = text.encode("utf-8", "surrogatepass").split(b"\n")[(last.end_lineno or 0) - 1]
    return isinstance(last, ast.Expr) and not line[last.end_col_offset or 0 :].lstrip().startswith(b";")


def input_entry(port: Port) -> dict[str, object]:
    """Describe an input."""
    entry: dict[str, object] = {"port": port.name, "names": list(port.names)}
    if port.parameter:
        entry["parameter"] = port.parameter.value
    if port.collect:
        entry["collect"] = port.collect.value
    return entry


def output_entry(port: Port) -> dict[str, object]:
    """Describe an output."""
    entry: dict[str, object] = {"port": port.name, "names": list(port.names)}
    if port.parameter:
        return entry | {"parameter": port.parameter.value}
    return entry | {"artifact": port.artifact.value} | ({"encoding": port.encoding} if port.encoding else {})


def display_port(step: Step) -> str:
    """Name the HTML output that holds what the cells display: ``display``, unless the step has an output of that name."""
    taken = {port.name for port in step.outputs} | {report.port for report in step.reports}
    name = "display"
    while name in taken:
        name += "-page"
    return name


def floats(value: object) -> object:
    """Say which numbers of a JSON value are floats, for `jupyter_mlops.runtime.spec.whole`: KFP sends ``1.0`` as ``1``.

    Examples
    --------
    >>> floats([0.5, 1.0]), floats([1, 2]), floats({"depth": 3, "rate": 1.0})
    (['float'], None, {'rate': 'float'})
    """
    if isinstance(value, float):
        return "float"
    if isinstance(value, dict):
        shapes = {key: floats(item) for key, item in value.items()}
        return {key: shape for key, shape in shapes.items() if shape} or None
    if isinstance(value, list):
        merged: object = None
        for shape in map(floats, value):
            merged = {**merged, **shape} if isinstance(merged, dict) and isinstance(shape, dict) else merged or shape
        return [merged] if merged else None
    return None


def chunk_lines(chunk: Chunk) -> list[str]:
    """Split a chunk into lines; a line end at its end begins no further line."""
    return chunk.text.removesuffix("\n").split("\n")


def body_text(step: Step) -> str:
    """Join the chunks: argument 4 before it is escaped."""
    return "".join(line + "\n" for chunk in step.body for line in chunk_lines(chunk))


def optional_parts(step: Step) -> tuple[str, ...]:
    """List the modules of the runtime that this step needs and others may not."""
    inputs = [port for port in step.inputs if not port.parameter]
    outputs = [port for port in step.outputs if not port.parameter]
    names_ipython = any("IPython" in chunk.text for chunk in step.body)
    needs = {
        "artifacts": bool(inputs or outputs),
        "fan_in": any(port.collect for port in step.inputs),
        "gate": step.gate is not None,
        "hooks": step.displays or names_ipython,
        "ipython": names_ipython,
        "page": step.displays,
        "reports": bool(step.reports),
        "sharing": any(len(port.names) > 1 for port in outputs),
        "values": bool(step.parameters or step.control.foreach or step.control.on_exit)
        or any(port.parameter for port in (*step.inputs, *step.outputs)),
        "shell": any(chunk.magic or "get_ipython" in chunk.text for chunk in step.body),
    }
    return tuple(part for part, needed in needs.items() if needed)


@cache
def runtime_text(imports: tuple[str, ...], parts: tuple[str, ...] = OPTIONAL) -> str:
    """Pack the runtime: names and sources of its modules, zlib, base 85 with some digits changed.

    Parameters
    ----------
    imports : tuple of str
        Top-level modules that the notebook imports; they decide which serializers are packed.
    parts : tuple of str
        Which of the modules `OPTIONAL` are packed.
    """
    files = runtime_files(imports, parts)
    sources = {name: stripped(path) for name, path in files.items()}
    tables = f"{RUNTIME}.serializers"
    if tables in sources:
        sources[tables] = TABLE_ROW.sub(
            lambda row: row[0] if {f"{tables}.{row[1]}", f"{tables}.{row[2]}"} & files.keys() else "", sources[tables]
        )
    data = "\0".join(f"{name}\n{source}" for name, source in sources.items()).encode()
    return base64.b85encode(zlib.compress(data, 9)).decode("ascii").translate(str.maketrans(DIGITS, DIGITS_SENT))


def runtime_files(imports: Iterable[str], parts: Iterable[str] = OPTIONAL) -> dict[str, Path]:
    """List the runtime's modules that a step needs, by module name, packages first."""
    root = runtime_root()
    third_party = {module for module in imports if module not in sys.stdlib_module_names}
    modules = third_party | ({"numpy", "pandas"} if third_party else set()) | {"builtins"}
    names = ["spec", "output", "display", "cells", "tracebacks", "execute", *parts]
    if "artifacts" in parts:
        handlers = {handler for module, found in handler_table(root).items() if module in modules for handler in found}
        names += ["archives"] if handlers & {"estimators", "keras_models"} else []
        names += ["serializers.__init__", *(f"serializers.{name}" for name in sorted(handlers | {"sealed"}))]
    files = {name: root / (name.replace(".", "/") + ".py") for name in ["__init__", *names]}
    return {f"{RUNTIME}.{name}".removesuffix(".__init__"): path for name, path in files.items()}


def runtime_root() -> Path:
    """Find the folder of the runtime's sources, without importing it."""
    spec = importlib.util.find_spec("jupyter_mlops")
    for folder in spec.submodule_search_locations or () if spec else ():
        if (root := Path(folder) / "runtime").is_dir():
            return root
    raise Nb2PipeError("the step runtime is not installed", hint="pip install jupyter-mlops")


def handler_table(root: Path) -> dict[str, tuple[str, ...]]:
    """Read the table of serializers out of the runtime's source."""
    import ast

    text = (root / "serializers" / "__init__.py").read_text(encoding="utf-8")
    start = text.index("HANDLERS = ") + len("HANDLERS = ")
    table: dict[str, tuple[str, ...]] = ast.literal_eval(text[start : text.index("\n}\n", start) + 2])
    return table


@cache
def stripped(path: Path) -> str:
    """Take out what only readers and type checkers need: docstrings, comments, blank lines, annotations, imports for types.

    Works on lines, for the runtime's own style only: parsing would cost more than all the rest of compiling, and a test compares the
    syntax trees.
    """
    source = path.read_text(encoding="utf-8")
    for pattern, replacement in STRIPS:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    return re.sub(r"^ +", lambda indent: indent[0][::4], source, flags=re.MULTILINE)
