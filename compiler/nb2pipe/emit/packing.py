"""The runtime's sources, as far as a step needs them → argument 2 of its container.

The sources are read and never imported.
"""

from __future__ import annotations

import base64
import os.path
import re
import sys
import zlib
from functools import cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nb2pipe.ir.pipeline import Pipeline, Port, Step

    Table = Mapping[str, tuple[str, str]]

CORE = ("spec", "output", "display", "cells", "tracebacks", "execute")
OPTIONAL = (
    "artifacts",
    "classification",
    "fan_in",
    "gate",
    "hooks",
    "ipython",
    "loop",
    "page",
    "plots",
    "ports",
    "reports",
    "sharing",
    "shell",
    "values",
)

ARCHIVERS = frozenset(("estimators", "keras_models"))  # they write zip archives

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

# Libraries that give nothing of pandas or Plotly; what a wrong entry costs is a sealed pickle instead of an Arrow file.
PLAIN_LIBRARIES = frozenset(
    "matplotlib scipy PIL cv2 skimage imageio requests tqdm joblib psutil yaml bs4 lxml nltk spacy gensim transformers tokenizers torchvision "
    "torchaudio tensorflow_transform tensorflow_metadata tensorflow_hub tensorflow_datasets tensorflow_data_validation "
    "tensorflow_model_analysis apache_beam networkx sympy kfp kubernetes boto3 google IPython ipywidgets dotenv".split()
)

# Local names and parameters travel as one or two letters. Functions, classes, attributes and keywords keep their names, so tracebacks do.
LOCALS = """
path step text port kind frame error exchange names item found cell chunk extra log code kernel module line artifact given body columns
notebook row wanted floats forbid joint matrix parameter change partial pieces place tag uri encodings entry folder known message node
part parts bundle figure inputs labels link numbers piece pyplot rows seen tree where argv first hashed items label last made objects own
scheme scope start stated status apart back chain document encoded flags form fragments lines mark match old rest source stem arguments
base block collect descriptor dot dtype fragment innermost keys level mime mode modules new other reason root suffix writer
""".split()
LETTERS = "abcdefghijkmopqrtuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHORT = {name: LETTERS[at % 49] + "_" * (at // 49) for at, name in enumerate(LOCALS)}
# A string; an operator between blanks; an attribute, a keyword of a call, or a name.
TOKEN = re.compile(
    r'''([bfr]*)("""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<=\S) ?([=<>!+\-*/|&%:,]=?|//|<<|\*\*) (?=\S)|(\.?\b[A-Za-z_]\w*(?:=(?!=))?)'''
)

# What the sources say often travels as one character each, from U+0080 on.
WORDS = (
    "value", " in ", "return ", " if ", "name", "self", "import ", "encoding", "\ndef ", " for ", " else ", "display", "\n def ", " and ",
    "data", "):\n ", "isinstance(", "file", ".get(", "from ", "None", "serializers.", "pickle", ":\n  ", "raise Failure(", '","', "not",
    "json", "numpy", "encode(", "classification", "load(", "os.path.", '.partition("', " as ", "raise", "artifacts", ")\n   ", "except ",
    "type(", "with ", ":\n ", "Failure",
)  # fmt: skip


def packed_handlers(pipeline: Pipeline, step: Step, ports: Iterable[Port] | None = None) -> tuple[str, ...]:
    """List the serializers that the artifacts of a step, or of some of its ports, may need.

    The static type of a port decides when it is known.
    Else the value can be of any library that its producer, or a step before that one, imports.
    A reader gets what the writer could choose from; a value that needs more was kept as a sealed pickle.
    """
    steps = {each.name: each for each in pipeline.steps}
    writers = {edge.consumer.port: edge.producer for edge in pipeline.edges if edge.consumer.step == step.name}
    unknown: list[str] = []  # steps that write values of unknown type
    found: set[str] = set()
    inputs = {port.name: port for port in step.inputs}
    for port in (*step.inputs, *step.outputs) if ports is None else ports:
        writer = writers.get(port.name) if port == inputs.get(port.name) else None
        source = next((each for each in steps[writer.step].outputs if each.name == writer.port), port) if writer else port
        if source.parameter:
            continue
        if source.encoding or source.type:
            found |= _handlers_of(source.encoding, source.type)
        else:
            unknown.append(writer.step if writer else step.name)
    for name in unknown:  # grows: everything upstream
        above = (edge.producer.step for edge in pipeline.edges if edge.consumer.step == name)
        unknown += [each for each in dict.fromkeys(above) if each not in unknown]
    modules = {module for name in unknown for module in steps.get(name, step).imports}
    return tuple(sorted(found | (handlers_of_modules(modules) if unknown else set())))


def handlers_of_port(port: Port) -> set[str]:
    """List the serializers for a port whose encoding is forced or whose type is known."""
    return set(_handlers_of(port.encoding, port.type))


@cache
def _handlers_of(encoding: str | None, type_: str) -> frozenset[str]:
    table = handler_table()
    if encoding:
        return frozenset(name for name, (_, encodings) in table.items() if encoding in encodings.split())
    module = type_.partition(".")[0] if "." in type_ else "builtins"
    found = frozenset(name for name, (modules, _) in table.items() if module in modules.split())
    return found | {"plain"} if found else frozenset(handlers_of_modules({module}))  # a class may derive from one of another library


def handlers_of_modules(imports: Iterable[str]) -> set[str]:
    """List the serializers for values of any library that code with these imports may hold; what other libraries give is NumPy's or pandas'."""
    table = handler_table()
    known = {module for modules, _ in table.values() for module in modules.split()}
    third_party = {module for module in imports if module not in sys.stdlib_module_names and module != "builtins"}
    reached = {*third_party, "builtins"} | ({"numpy"} if third_party else set())
    reached |= {"pandas"} if third_party - known - PLAIN_LIBRARIES else set()
    return {name for name, (modules, _) in table.items() if reached & set(modules.split())}


def may_hold_plotly(pipeline: Pipeline) -> bool:
    """Say whether some step imports Plotly, or a library that may bring it."""
    known = {module for modules, _ in handler_table().values() for module in modules.split()} - {"plotly"} | PLAIN_LIBRARIES
    return any(module not in known and module not in sys.stdlib_module_names for step in pipeline.steps for module in step.imports)


@cache
def runtime_text(parts: tuple[str, ...] = OPTIONAL, handlers: tuple[str, ...] | None = None, *, writes: bool = True) -> str:
    """Pack the runtime: the words, then name and source of each module; zlib, base 85 with some digits changed.

    Parameters
    ----------
    parts : tuple of str
        Which of the modules `OPTIONAL` are packed.
    handlers : tuple of str, optional
        Which serializers are packed, if artifacts are; all of them when absent.
    writes : bool
        The step may write a model's archive.
    """
    handlers = tuple(handler_table()) if handlers is None else handlers
    names = [*CORE, *parts]
    if "artifacts" in parts:
        names += ["archives"] if writes and not ARCHIVERS.isdisjoint(handlers) else []
        names += ["serializers.__init__", *(f"serializers.{name}" for name in sorted({*handlers, "sealed"}))]
    unpacked = tuple(sorted(handler_table().keys() - {*handlers, "sealed"}))
    modules = [coded(name, unpacked if name == "serializers.__init__" else ()) for name in ["__init__", *names]]
    data = "\1".join(WORDS) + "\0" + "\0".join(modules)
    return base64.b85encode(zlib.compress(data.encode("latin-1"), 9)).decode("ascii").translate(str.maketrans(DIGITS, DIGITS_SENT))


@cache
def coded(name: str, left_out: tuple[str, ...]) -> str:
    """Give name and source of a module, without some rows of the table of serializers, with a character for each frequent word."""
    text = f".{name}".removesuffix(".__init__") + "\n" + stripped(name)
    for row in left_out:
        text = re.sub(rf'^ "{row}":.*\n', "", text, flags=re.MULTILINE)
    for number, word in enumerate(WORDS, 128):
        text = text.replace(word, chr(number))
    return text


@cache
def runtime_root() -> str:
    """Find the folder of the runtime's sources, without importing it."""
    spec = PathFinder.find_spec("jupyter_mlops")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        root = os.path.join(folder, "runtime")  # noqa: PTH118 - pathlib costs start-up
        if os.path.isdir(root):  # noqa: PTH112
            return root
    raise Nb2PipeError("the step runtime is not installed", hint="pip install jupyter-mlops")


def source_text(name: str) -> str:
    """Read a module of the runtime."""
    path = os.path.join(runtime_root(), *name.split("."))  # noqa: PTH118
    with open(path + ".py", encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


@cache
def handler_table() -> Table:
    """Read the table of serializers out of the runtime's source: for each its modules and its encodings."""
    import ast

    text = source_text("serializers.__init__")
    start = text.index("HANDLERS = ") + len("HANDLERS = ")
    table: Table = ast.literal_eval(text[start : text.index("\n}\n", start) + 2])
    return table


@cache
def stripped(name: str) -> str:
    """Take out what only readers and type checkers need: docstrings, comments, blank lines, annotations, imports for types.

    Works on lines, for the runtime's own style only: parsing would cost more than all the rest of compiling, and a test compares the
    syntax trees.
    """
    source = source_text(name)
    for pattern, replacement in STRIPS:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    source = re.sub(r"^ +", lambda indent: indent[0][::4], source, flags=re.MULTILINE)
    source = TOKEN.sub(shortened, source)
    return re.sub(r"[^\x00-\x7f]", lambda character: f"\\u{ord(character[0]):04x}", source)


def shortened(token: re.Match[str]) -> str:
    """Shorten one token: only what stands in braces of a formatted string, no other string."""
    prefix, text, operator, name = token.groups()
    if text:
        return prefix + re.sub(r"\{[^{}]+\}", lambda part: TOKEN.sub(shortened, part[0]), text) if "f" in prefix else token[0]
    return operator or SHORT.get(name, name)
