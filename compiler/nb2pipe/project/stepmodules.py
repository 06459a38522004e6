"""A step → the module with its function, and the definitions of several steps → the module that they share."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from typing import TYPE_CHECKING

from nb2pipe.emit.stepfiles import shows
from nb2pipe.ir.notebook import CellKind
from nb2pipe.ir.pipeline import ChunkKind, ParameterType
from nb2pipe.project.hazards import names_of
from nb2pipe.project.imports import import_lines
from nb2pipe.project.layout import indented, shows_nothing, with_display, with_nonlocal
from nb2pipe.project.model import BUILT_IN, annotation_of, argument_of, default_of, none_stands_in
from nb2pipe.project.naming import unused
from nb2pipe.project.placing import Home, awaits, given_names, is_import

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.ir.pipeline import Parameter
    from nb2pipe.project.model import Function, Project, Value
    from nb2pipe.project.pieces import Piece
    from nb2pipe.project.placing import Placing


def definitions_text(project: Project, placing: Placing) -> str:
    """Write the module of the definitions that several steps use; empty when there are none."""
    if not placing.shared:
        return ""
    pieces = list(placing.shared.values())
    reads = set().union(*(placing.scopes[piece].reads for piece in pieces))
    needed, _ = placing.needed(reads)
    head = f'{project.origin}\n"""Definitions that several steps use."""\n'
    lines = [*import_lines(needed, reads, ()), *_standin_lines(pieces, reads, placing, project, ".")]
    told = [f"{name}: Any  # a step says what it is" for name in sorted(placing.published)]
    lines = [*(["from typing import Any", ""] if told else []), *lines]
    return head + _block(lines) + _block(told) + "".join(f"\n\n{_with_comments(piece)}\n" for piece in pieces)


def step_text(function: Function, project: Project, placing: Placing, notebook: Notebook) -> str:
    """Write the module of a step."""
    pieces = placing.pieces[function.step.name]
    own = [piece for piece in pieces if placing.homes[piece] is Home.MODULE and not is_import(piece)]
    inside = [piece for piece in pieces if placing.homes[piece] is Home.STEP]
    reads = set().union(*(placing.scopes[piece].reads for piece in (*own, *inside)))
    needed, shared = placing.needed(reads)
    kept = _idle(pieces, placing)
    extra = [piece for piece in pieces if is_import(piece) and placing.homes[piece] is Home.MODULE and piece not in needed]
    writer = _Writer(function, project, placing, notebook, inside)
    body = writer.function_text()
    ours = _standin_lines([*own, *inside], reads, placing, project, "..", also=bool(re.search(rf"\b{project.standins}\.\w", body)))
    ours += [f"from .. import {project.definitions}"] if re.search(rf"\b{project.definitions}\.\w+ = ", body) else []
    ours += [f"from ..{project.definitions} import {', '.join(shared)}"] if shared else []
    head = f'{project.origin}\n"""Step `{function.step.name}`."""\n'
    text = head + writer.import_blocks(import_lines([*needed, *extra], reads, kept), ours)
    return text + "".join(f"\n\n{_with_comments(piece)}\n" for piece in own) + "\n\n" + body


def _idle(pieces: Iterable[Piece], placing: Placing) -> set[str]:
    """Return the names that the step's own cells import and nothing in the project reads."""
    read = set().union(*(scope.reads for scope in placing.scopes.values()))
    return {name for piece in pieces if is_import(piece) and not piece.repeated for name in placing.scopes[piece].binds} - read


def _standin_lines(
    pieces: Iterable[Piece], reads: set[str], placing: Placing, project: Project, level: str, *, also: bool = False
) -> list[str]:
    uses = also or any(re.search(rf"\b{project.standins}\.\w", piece.code) for piece in pieces)
    lines = [f"from {level} import {project.standins}"] if uses else []
    return lines + ([f"from {level}{project.standins} import show as display"] if "display" in reads - placing.binders.keys() else [])


def _block(lines: list[str]) -> str:
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _with_comments(piece: Piece) -> str:
    return "\n".join([*_comments(piece.above), piece.code])


def _comments(lines: list[str]) -> list[str]:
    """Keep the comments that stand directly above a statement, and what is further up too, without the empty lines around."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    return text.split("\n") if text else []


class _Writer:
    """Writes the function of one step."""

    def __init__(self, function: Function, project: Project, placing: Placing, notebook: Notebook, inside: list[Piece]) -> None:
        self.function = function
        self.project = project
        self.placing = placing
        self.notebook = notebook
        self.inside = inside
        self.locals = names_of(function.step, placing)
        words = set(re.findall(r"\w+", "\n".join(piece.code for piece in inside))) | self.locals
        self.dataclass, self.copy, self.builtins, self.any = (unused(name, words) for name in ("dataclass", "copy", "builtins", "Any"))
        self.imports: list[str] = []
        self.typed: set[str] = set()

    def function_text(self) -> str:
        """Write the class of the outputs and the function."""
        function = self.function
        name, waits = function.name, any(awaits(piece.tree) for piece in self.inside)
        arguments = [f"{value.name}: {self._annotation(value)}" for value in function.takes]
        plain = [parameter for parameter in function.parameters if not default_of(parameter)]
        given = [parameter for parameter in function.parameters if default_of(parameter)]
        arguments += [f"{parameter.name}: {annotation_of(parameter)}" for parameter in plain]
        arguments += [argument_of(parameter) for parameter in given]
        listed = _listed([*arguments]) if arguments else "()"
        result = self.function.outputs or "None"
        body = self._body()
        if function.outputs:
            body += f"    return {function.outputs}(" + ", ".join(f"{value.name}={value.name}" for value in function.gives) + ")\n"
            body = body if len(body.rsplit("\n", 2)[-2]) <= 120 else self._long_return(body)
        outputs = self._outputs() if function.outputs else ""
        return f"{outputs}{'async ' if waits else ''}def {name}{listed} -> {result}:\n{self._docstring()}{body}"

    def _long_return(self, body: str) -> str:
        before = body.rsplit("\n", 2)[0]
        lines = "".join(f"        {value.name}={value.name},\n" for value in self.function.gives)
        return f"{before}\n    return {self.function.outputs}(\n{lines}    )\n"

    def _outputs(self) -> str:
        self._import("dataclasses", "dataclass", self.dataclass)
        fields = "".join(f"    {value.name}: {self._annotation(value)}\n" for value in self.function.gives)
        return f'@{self.dataclass}(frozen=True, eq=False)\nclass {self.function.outputs}:\n    """What step `{self.function.step.name}` hands on."""\n\n{fields}\n\n'

    def _import(self, module: str, name: str, alias: str) -> None:
        line = f"from {module} import {name}" if name else f"import {module}"
        line += "" if alias == (name or module) else f" as {alias}"
        if line not in self.imports:
            self.imports.append(line)

    def _annotation(self, value: Value) -> str:
        if not value.type or value.type == "ellipsis":
            self._import("typing", "Any", self.any)
            return self.any
        if value.type in BUILT_IN:
            return value.type
        self.typed |= {each.rpartition(".")[0] for each in value.type.split(" | ")}
        return f'"{value.type}"'

    def import_blocks(self, user: list[str], ours: list[str]) -> str:
        """Write all imports: of the future, of what is written here, of the notebook, of the project, and those that only annotations need."""
        future = [line for line in user if line.startswith("from __future__")]
        modules = sorted(module for module in self.typed if f"import {module}" not in user)
        if modules:
            self._import("typing", "TYPE_CHECKING", "TYPE_CHECKING")
        standard = [line for line in user if line.split()[1].partition(".")[0] in sys.stdlib_module_names and line not in future]
        later = ["if TYPE_CHECKING:\n" + "\n".join(f"    import {module}" for module in modules)] if modules else []
        others = [line for line in user if line not in (*future, *standard)]
        blocks = [future, sorted_imports([*self._written(), *standard]), others, ours, later]
        return "".join("\n" + "\n".join(block) + "\n" for block in blocks if block)

    def _written(self) -> list[str]:
        """List the imports that the writing asked for, those of `typing` in one line."""
        typing = sorted((line.removeprefix("from typing import ") for line in self.imports if line.startswith("from typing")), key=_kind)
        written = [line for line in self.imports if not line.startswith("from typing")]
        return written + ([f"from typing import {', '.join(typing)}"] if typing else [])

    def _docstring(self) -> str:
        step, cells = self.function.step, {cell.id: cell for cell in self.notebook.cells}
        numbers = [str(cells[identity].number) for identity in step.cells]
        where = f"cell {numbers[0]}" if len(numbers) == 1 else f"cells {', '.join(numbers[:-1])} and {numbers[-1]}"
        said = f"Step `{step.name}`: {where} of the notebook."
        described = [f"    {each.name}: {_sentence(each.description)}\n" for each in self.function.parameters if each.description]
        return f'    """{said}' + (f"\n\n{''.join(described)}    " if described else "") + '"""\n'

    def _body(self) -> str:
        parts = self._preamble()
        cell = None
        for group in self._groups():
            piece = group[0]
            if piece.chunk.cell != cell and not piece.repeated:
                cell = piece.chunk.cell
                parts.append(self._text_above(piece))
            parts.append(self._in_magic(piece.chunk.magic, "\n".join(filter(None, (self._code(each) for each in group)))))
        text = "\n".join(part for part in parts if part)
        return text + "\n" if text.strip() else ("" if self.function.outputs else "    pass\n")

    def _groups(self) -> list[list[Piece]]:
        """Keep the pieces of one cell together."""
        groups: list[list[Piece]] = []
        for piece in self.inside:
            if groups and groups[-1][-1].chunk is piece.chunk:
                groups[-1].append(piece)
            else:
                groups.append([piece])
        return groups

    def _preamble(self) -> list[str]:
        lines = []
        copied = [each for each in self.function.parameters if each.type in (ParameterType.LIST, ParameterType.DICT)]
        if copied:
            self._import("copy", "", self.copy)
            lines += [self._own_copy(each) for each in copied]
        given = {value.name for value in self.function.takes} | {each.name for each in self.function.parameters}
        bound = set().union(*(self.placing.scopes[piece].binds for piece in self.inside))
        hidden = sorted((bound - given) & set(dir(builtins)))
        if hidden:
            self._import("builtins", "", self.builtins)
            lines += [f"{name} = {self.builtins}.{name}  # until the notebook gives the name another value" for name in hidden]
        declared = set().union(*(self.placing.scopes[piece].rebinds for piece in self.inside)) - bound - given
        lines += [f"{name}: object  # bound by a function below" for name in sorted(declared)]
        read = set().union(*(self.placing.scopes[piece].reads for piece in self.inside))
        lines += ['__name__ = "__main__"'] if "__name__" in read else []
        lines += ["__file__: str  # a notebook has none"] if "__file__" in read else []
        return ["    " + line for line in [*lines, *self._told(given)]]

    def _told(self, names: Collection[str]) -> list[str]:
        """Tell the shared module the values that a class there reads."""
        return [f"{self.project.definitions}.{name} = {name}" for name in sorted(self.placing.published & set(names))]

    def _own_copy(self, parameter: Parameter) -> str:
        """Give the step its own list or dict: the notebook's code may change it."""
        name, copied = parameter.name, f"{self.copy}.deepcopy({parameter.name})"
        return f"{name} = {default_of(parameter)} if {name} is None else {copied}" if none_stands_in(parameter) else f"{name} = {copied}"

    def _text_above(self, piece: Piece) -> str:
        """Write the text cells above a cell as comments."""
        cells = self.notebook.cells
        index = next(index for index, cell in enumerate(cells) if cell.id == piece.chunk.cell)
        texts: list[str] = []
        while index and cells[index - 1].kind is CellKind.MARKDOWN:
            index -= 1
            texts[:0] = [*cells[index].source.strip().split("\n"), ""]
        return "\n" + "\n".join(f"    # {line}".rstrip() for line in texts[:-1]) if texts else ""

    def _code(self, piece: Piece) -> str:
        code = piece.code
        replaced = self.placing.scopes[piece].binds & given_names(self.function.step)
        if piece.chunk.kind is ChunkKind.SHARED and replaced and is_import(piece):
            code = "\n".join(import_lines([piece], self.placing.scopes[piece].binds - replaced, ()))
        code = "\n".join([with_nonlocal(code), *self._told(self.placing.scopes[piece].binds)])
        if piece.last and code == piece.code and shows(code) and not shows_nothing(piece.code, self.placing.binders):
            code = with_display(code, f"{self.project.standins}.show")
        above = "\n".join(line.rstrip() for line in piece.above)
        return "\n".join(filter(None, (above.strip("\n"), code))) if above.strip() else ("\n" + code if piece.above and code else code)

    def _in_magic(self, magic: tuple[str, str] | None, code: str) -> str:
        module = self.project.standins
        name, words = magic or ("", "")
        has_code = bool(ast.parse(code).body)
        if name in ("time", "timeit"):
            head = f'with {module}.timed("{name}"):'
        elif name == "raises-exception":
            head = f"with {module}.surviving():"
        elif name == "capture":
            options = [word for word in words.split() if word.startswith("-")]
            bound = [word for word in words.split() if not word.startswith("-")]
            given = ", ".join(f"{option}=False" for option, flag in (("out", "--no-stdout"), ("err", "--no-stderr")) if flag in options)
            head = f"with {module}.captured({given})" + (f" as {bound[0]}:" if bound else ":")
        else:
            return indented(code)
        return f"    {head}\n{indented(code, 2)}" if has_code else indented(code)


def sorted_imports(lines: Iterable[str]) -> list[str]:
    """Sort imports as most tools do: plain ones first."""
    return sorted(dict.fromkeys(lines), key=lambda line: (line.startswith("from"), line.split()[1]))


def _kind(name: str) -> tuple[bool, str]:
    return not name.isupper(), name


def _sentence(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'")


def _listed(arguments: list[str]) -> str:
    short = f"(*, {', '.join(arguments)})"
    return short if len(short) <= 90 else "(\n    *,\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"
