"""State of the process that flows from cell to cell like a name: random generators that were seeded, files that were written.

Such a state has a name that no notebook can have, ``random:numpy``, ``file:out|model.pkl`` or ``folder:out``: to seed is to bind it, to draw
is to read and change it, to write a file is to bind it and to read the folder that it stands in. A generator that nothing has seeded, and a
file that nothing has written, have no name.
"""

from __future__ import annotations

import ast
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

from nb2pipe.analysis.calls import Calls
from nb2pipe.analysis.heap import Kind, Value
from nb2pipe.analysis.knowledge import files, randomness
from nb2pipe.analysis.paths import about
from nb2pipe.ir.dataflow import state_of_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class States(Calls):
    """What calls do to random generators and files."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, None] = {}  # all that were ever written

    def states_of_function(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        """Record what a library function does to the state of the process."""
        for library in randomness.SEEDERS.get(path, ()):
            self.record.draws[library] = None
            self.bind_state(f"random:{library}", node)
        self._draws(node, path, arguments, keywords)
        if about(path).uses_files:
            self._files_of_function(node, path, arguments, keywords)

    def states_of_method(self, node: ast.AST, location: int, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        """Record what a method of a library's object does to the state of the process."""
        thing = self.heap.things[location]
        self._change_handed(keywords)
        if name in randomness.DRAWING_METHODS:
            inside = [self.heap.things[each] for each in self.heap.reach((location,))]
            if any(each.draws for each in inside):
                self.draw("numpy", node)
            generators = [each for each in self.heap.reach((location,)) if self._is_generator(each)]
            self.change(generators)
            for prefix, library in randomness.DRAWING_TYPES:
                if thing.type.startswith(prefix) and name.startswith("fit"):
                    self.draw(library, node)
        elif (
            name in randomness.SAMPLING_METHODS
            and thing.type.startswith(("pandas.", "scipy.stats.", "statsmodels."))
            and not self._seeded(keywords)
        ):
            self.draw("numpy", node)
        if name in files.WRITING_METHODS:
            self._write(node, self._path(arguments, keywords, 0))
        elif name in files.READING_METHODS:
            self._read_file(node, self._path(arguments, keywords, 0))
        elif thing.type == "pathlib.Path" and name in files.PATH_WRITES:
            self._write(node, self.heap.elements(location))
        elif thing.type == "pathlib.Path" and name in files.PATH_READS:
            self._read_file(node, self.heap.elements(location))
        elif thing.type == "pathlib.Path" and name == "mkdir":
            self._make_folder(node, self.heap.elements(location))
        elif thing.type == "pathlib.Path" and name in ("iterdir", "glob", "rglob"):
            self._look_below(node, self.heap.elements(location))
        elif thing.type == "pathlib.Path" and name == "open":
            self._open(node, self.heap.elements(location), arguments[0] if arguments else keywords.get("mode"))

    def note_random_object(self, node: ast.AST, path: str, keywords: Mapping[str, Value], made: Value) -> None:
        """Note on a new object that its methods draw from the global generator, because it was given no seed."""
        last = about(path).last
        draws = last in randomness.SKLEARN_CLASSES or (last in randomness.SKLEARN_SHUFFLED and _is_true(node, "shuffle"))
        if draws:
            for location in made:
                if self.heap.things[location].kind == Kind.OBJECT:
                    self.heap.things[location].draws = not self._seeded(keywords)

    def change_library(self, path: str) -> None:
        """Record that the state of a library or of the process is changed."""
        self.record.settings[path.partition(".")[0]] = None

    def bind_state(self, name: str, node: ast.AST) -> None:
        """Give a state a new value."""
        self.bind_global(name, frozenset((self.heap.at(("state", name, self.current), Kind.OBJECT, "state"),)), node)

    def draw(self, library: str, node: ast.AST) -> None:
        """Use a library's global generator, which moves it on."""
        self.record.draws[library] = None
        name = f"random:{library}"
        if self.top.get(name) is not None:
            self.change(self.read_global(name, node))

    def _draws(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        self._change_handed(keywords)
        if path in randomness.SEEDERS or path in randomness.NOT_DRAWS:
            return
        named = about(path)
        for library in named.draws:
            self.draw(library, node)
        last = named.last
        if path.startswith(("sklearn.", "imblearn.")):
            handed = [each for value in [*arguments, *keywords.values()] for each in value]
            draws = last in randomness.SKLEARN_FUNCTIONS and not self._seeded(keywords)
            if draws or (not named.is_class and any(self.heap.things[each].draws for each in self.heap.reach(handed))):
                self.draw("numpy", node)
        elif last in randomness.SAMPLING_FUNCTIONS and path.startswith(("scipy.stats.", "statsmodels.")) and not self._seeded(keywords):
            self.draw("numpy", node)

    def _seeded(self, keywords: Mapping[str, Value]) -> bool:
        """Tell whether a call is given a seed or a generator of its own; one that is given ``**options`` is taken to be."""
        given = keywords.get("random_state", keywords.get("seed"))
        if given is None:
            return "**" in keywords
        return not given or any(self.heap.things[each].type != "NoneType" for each in given)

    def _is_generator(self, location: int) -> bool:
        thing = self.heap.things[location]
        return thing.kind == Kind.OBJECT and thing.type.startswith(randomness.GENERATOR_TYPES)

    def _change_handed(self, keywords: Mapping[str, Value]) -> None:
        """Change what a callee works on by its keyword: generators move on, axes are drawn on."""
        for name in randomness.GENERATOR_ARGUMENTS if keywords else ():
            if name in keywords:
                self.change([each for each in keywords[name] if self._is_generator(each)])
        for name in ("ax", "axes", "fig", "figure") if keywords else ():
            if name in keywords:
                self.change([each for each in keywords[name] if self.heap.things[each].type.startswith("matplotlib.")])

    def _files_of_function(self, node: ast.AST, path: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        if path in files.OPENERS:
            place = files.OPENERS[path]
            self._open(node, self._path(arguments, keywords, 0), arguments[place] if len(arguments) > place else keywords.get("mode"))
        if path in files.READS or path.startswith(files.READING_PREFIXES):
            self._read_file(node, self._path(arguments, keywords, files.READS.get(path, 0)))
        if path in files.LISTS:
            self._look_below(node, self._path(arguments, keywords, files.LISTS[path]))
        if path in files.MAKES_FOLDER:
            self._make_folder(node, self._path(arguments, keywords, 0))
        if path in files.WRITES:
            self._write(node, self._path(arguments, keywords, files.WRITES[path]), files.SUFFIXES.get(path, ""))

    def _path(self, arguments: Sequence[Value], keywords: Mapping[str, Value], place: int) -> Value:
        if place < len(arguments):
            return arguments[place]
        return next((keywords[each] for each in files.KEYWORDS if each in keywords), frozenset())

    def _open(self, node: ast.AST, value: Value, mode: Value | None) -> None:
        modes = {self.heap.texts.get(each, "r") for each in mode or ()} or {"r"}
        if any(set(each) & set("ra+") for each in modes):
            self._read_file(node, value)
        if any(set(each) & set("wax+") for each in modes):
            self._write(node, value)

    def _paths(self, value: Value) -> list[str]:
        """List the paths that a value may be: it is a text that is written out, or a `Path` of one."""
        texts = {text for each in value if (text := self._text(each))}
        return [normpath(text) for text in sorted(texts) if "://" not in text and "\n" not in text and "|" not in text]

    def _text(self, location: int) -> str:
        if self.heap.things[location].type == "pathlib.Path":
            found = [self.heap.texts[each] for each in self.heap.elements(location) if each in self.heap.texts]
            return found[0] if len(found) == 1 else ""
        return self.heap.texts.get(location, "")

    def _write(self, node: ast.AST, value: Value, suffix: str = "") -> None:
        for path in self._paths(value):
            self.files[state_of_path("file", path if path.endswith(suffix) else path + suffix)] = None
            self.bind_state(state_of_path("file", path if path.endswith(suffix) else path + suffix), node)
            self._read_state(state_of_path("folder", dirname(path)), node)

    def _make_folder(self, node: ast.AST, value: Value) -> None:
        for path in self._paths(value):
            self.bind_state(state_of_path("folder", path), node)

    def _read_file(self, node: ast.AST, value: Value) -> None:
        for path in self._paths(value):
            self._read_state(state_of_path("file", path), node)

    def _look_below(self, node: ast.AST, value: Value) -> None:
        for path in self._paths(value):
            folder = dirname(path.partition("*")[0]) if "*" in path else path
            for name in self.files:
                if name.startswith(state_of_path("file", f"{folder}/" if folder not in ("", ".") else "")):
                    self._read_state(name, node)

    def _read_state(self, name: str, node: ast.AST) -> None:
        if self.top.get(name) is not None:
            self.read_global(name, node)


def _is_true(node: ast.AST, keyword: str) -> bool:
    """Tell whether a call writes ``keyword=True``."""
    given = [each.value for each in node.keywords if each.arg == keyword] if isinstance(node, ast.Call) else []
    return any(isinstance(each, ast.Constant) and each.value is True for each in given)
