"""A step of the pipeline → the command line of its container, as `compiler/docs/step-json.md` lays it down.

`packing` makes argument 2 of it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from nb2pipe.emit.braces import escape
from nb2pipe.emit.packing import ARCHIVERS, handlers_of_port, may_hold_plotly, packed_handlers, runtime_text
from nb2pipe.ir.pipeline import ArtifactType, ChunkKind, ParameterType

if TYPE_CHECKING:
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
    words, _, text = zlib.decompress(packed).decode("latin-1").partition("\\0")
    text = text.translate(dict(enumerate(words.split("\\1"), 128)))  # each of these characters stands for a word
    sources = dict(("jupyter_mlops.runtime" + module).split("\\n", 1) for module in text.split("\\0"))

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


# The same where the step's image brings the runtime (`Pipeline.runtime` is "image"); argument 2 is then empty.
IMAGE_BOOTSTRAP = """\
# Runs one step of a notebook (compiled by nb2pipe) with the step runtime of the image.
# KFP's local SubprocessRunner runs only commands that contain the text kfp.dsl.executor_main, hence this line: kfp is not used here.
import sys
try:
    from jupyter_mlops.runtime.execute import main
except ImportError:
    sys.exit("error: the image has no step runtime\\n  fix: pip install jupyter-mlops in the image, or compile with --runtime embed")
sys.exit(main(sys.argv))
"""


def container(pipeline: Pipeline, step: Step) -> tuple[list[str], list[str]]:
    """Make the command and the arguments of a step's container.

    Returns
    -------
    tuple of two lists of str
        The command ``python3 -u -c …`` and five arguments; the last one is the placeholder of the executor input.
    """
    document = json.dumps(step_document(pipeline, step), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    image = pipeline.runtime == "image"
    runtime = "" if image else _runtime(pipeline, step)
    arguments = [step.name, runtime, escape(document), escape(body_text(step)), "{{$}}"]
    return ["python3", "-u", "-c", IMAGE_BOOTSTRAP if image else BOOTSTRAP], arguments


def _runtime(pipeline: Pipeline, step: Step) -> str:
    writes = not ARCHIVERS.isdisjoint(packed_handlers(pipeline, step, step.outputs))
    return runtime_text(optional_parts(pipeline, step), packed_handlers(pipeline, step), writes=writes)


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
        entry |= {"floats": shape} if shape and entry["type"] in ("list", "dict") else {}
        parameters.append(entry | ({"optional": True} if defaults[name].optional else {}))
    listed = fan_out_lists(pipeline)
    producers = {edge.consumer.port: (edge.producer.step, edge.producer.port) for edge in pipeline.edges if edge.consumer.step == step.name}

    def itemwise(producer: tuple[str, str] | None) -> dict[str, object]:
        return {"items": True} if producer in listed else {}

    optional: dict[str, object] = {
        "parameters": parameters,
        "foreach": step.control.foreach,
        "inputs": [input_entry(port) | itemwise(producers.get(port.name)) for port in step.inputs],
        "outputs": [output_entry(port) | itemwise((step.name, port.name)) for port in step.outputs],
        "reports": [{"port": report.port, "name": report.name, "kind": report.kind.value} for report in step.reports],
        "display": display_port(step) if step.displays else None,
        "gate": step.gate is not None,
        "on_exit": step.control.on_exit,
    }
    over = defaults.get(step.control.foreach or "")
    if over is not None:
        optional["foreach_floats"] = floats(json.loads(over.default or "null"))
    optional["foreach_items"] = any(step.control.foreach in listed.get(producer, ()) for producer in producers.values())
    return document | {key: value for key, value in optional.items() if value}


def fan_out_lists(pipeline: Pipeline) -> dict[tuple[str, str], set[str]]:
    """Find the outputs that some step fans out over, each with its names: their items travel as JSON text, because KFP forgets types of items."""
    over = {step.name: step.control.foreach for step in pipeline.steps if step.control.foreach}
    if not over:
        return {}
    ports = ((step.name, port) for step in pipeline.steps for port in step.outputs if port.parameter is ParameterType.LIST)
    lists = {(step, port.name): {port.name, *port.names} for step, port in ports}
    found = {
        (edge.producer.step, edge.producer.port)
        for edge in pipeline.edges
        if over.get(edge.consumer.step) in lists.get((edge.producer.step, edge.producer.port), ())
    }
    return {producer: names for producer, names in lists.items() if producer in found}


def chunk_entries(body: tuple[Chunk, ...]) -> list[dict[str, object]]:
    """Describe the slices of the body; ``shows`` marks those that end with an expression which the notebook displays."""
    entries: list[dict[str, object]] = []
    for chunk, following in zip(body, [*body[1:], None], strict=True):
        entry: dict[str, object] = {"kind": chunk.kind.value, "cell": chunk.number, "line": chunk.line, "lines": len(chunk_lines(chunk))}
        if chunk.magic:
            entry["magic"] = list(chunk.magic)
        if (
            chunk.kind is ChunkKind.CELL
            and (following is None or following.number != chunk.number or following.kind is not ChunkKind.CELL)
            and shows(chunk.text)
        ):
            entry["shows"] = True
        entries.append(entry)
    return entries


@lru_cache(maxsize=4096)  # an editor asks for the same code again and again
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
    entry |= {"artifact": port.artifact.value} | ({"encoding": port.encoding} if port.encoding else {})
    # What reads the port packs the serializers of its static type only, so what writes it must not choose another, should the type be wrong.
    return entry | ({"only": sorted(handlers_of_port(port))} if port.type and not port.encoding else {})


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


def optional_parts(pipeline: Pipeline, step: Step) -> tuple[str, ...]:
    """List the modules of the runtime that this step needs and others may not."""
    inputs = [port for port in step.inputs if not port.parameter]
    outputs = [port for port in step.outputs if not port.parameter]
    names_ipython = any("IPython" in chunk.text for chunk in step.body)
    passed = any(port.parameter for port in (*step.inputs, *step.outputs))
    needs = {
        "artifacts": bool(inputs or outputs),
        "classification": any(report.kind is ArtifactType.CLASSIFICATION_METRICS for report in step.reports),
        "fan_in": any(port.collect for port in step.inputs),
        "gate": step.gate is not None,
        "hooks": names_ipython or (step.displays and any(word in chunk.text for chunk in step.body for word in (".show", "import show"))),
        "ipython": names_ipython,
        "loop": any(word in chunk.text for chunk in step.body for word in ("await", "async")),
        "page": step.displays,
        "plots": step.displays and may_hold_plotly(pipeline),
        "reports": bool(step.reports),
        "sharing": any(len(port.names) > 1 for port in outputs),
        "ports": passed or bool(step.control.foreach),
        "values": passed or bool(step.parameters or step.control.foreach or step.control.on_exit),
        "shell": any(chunk.magic or "get_ipython" in chunk.text for chunk in step.body),
    }
    return tuple(part for part, needed in needs.items() if needed)
