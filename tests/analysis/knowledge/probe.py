"""A sample's calls → what they change, what their results share, and of which types they are: by calling and comparing."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import sys
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from knowledge.naming import public_name
from knowledge.state import RANDOM, changed_state, library_state, settle
from knowledge.walk import TooLargeError, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.sample import Sample

SWITCHES = ("inplace", "copy", "deep")


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What one call did; `effects` are the words of a line of facts."""

    name: str
    text: str
    effects: frozenset[str]
    is_call: bool = False
    sample: int = 0  # which of the samples of its type
    watched: frozenset[str] = frozenset()
    changed: set[str] = field(default_factory=set)  # names, `x` for the receiver


class Probe:
    """Calls everything public of one sample."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        first, second = Walk(self.receiver(self.names())), Walk(self.receiver(self.names()))
        self.shared_by_all = frozenset(first.parts) & frozenset(second.parts)  # registries of the library
        assert first.digest == Walk(self.receiver(self.names())).digest or sample.module or second.digest, sample.owner

    def names(self) -> dict[str, Any]:
        """Run the setup."""
        settle()
        names: dict[str, Any] = {}
        exec(compile(self.sample.setup, "setup", "exec"), names)
        return names

    def receiver(self, names: dict[str, Any]) -> Any:
        """Make the object."""
        if "x" not in names:
            names["x"] = eval(self.sample.make, names)
        return names["x"]

    def public(self) -> list[str]:
        """List what is called."""
        if self.sample.only:
            return sorted(self.sample.calls)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = dir(self.receiver(self.names()))
        skip = self.sample.skip.split()
        return [name for name in found if not name.startswith("_") and name not in skip]

    def run(self) -> Iterator[Observed]:
        """Observe each call and each attribute that can be read."""
        for name in self.public():
            with _quiet():
                observed = list(self._member(name))
            yield from observed

    def _member(self, name: str) -> Iterator[Observed]:
        try:
            member = getattr(self.receiver(self.names()), name)
        except Exception:  # an attribute of a later state, as `coef_` is
            return
        if not callable(member) or inspect.ismodule(member):
            if not inspect.ismodule(member) and not self.sample.module:
                yield from self._observe(name, None)
            return
        if name in self.sample.calls:
            observed = [each for text in self.sample.calls[name] for each in self._observe(name, text)]
        else:
            observed = next(filter(None, (list(self._observe(name, text)) for text in self._guesses(member))), [])
        yield from observed or [Observed(name=name, text="", effects=frozenset(("unprobed",)))]
        for each in observed:
            first, comma, rest = each.text.partition(",")
            for other in self.sample.variants.get(first, ()):
                yield from self._observe(name, other + comma + rest)

    def _guesses(self, member: Any) -> list[str]:
        try:
            parameters = inspect.signature(member).parameters.values()
        except (ValueError, TypeError):
            return list(self.sample.tries)
        plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        needed = [each.name for each in parameters if each.kind in plain and each.default is inspect.Parameter.empty]
        optional = [each.name for each in parameters if each.kind in plain and each.default is not inspect.Parameter.empty]
        known = self.sample.by_name
        guesses = []
        if all(each in known for each in needed):
            guesses.append(", ".join(known[each] for each in needed))
        if optional and optional[0] in known and all(each in known for each in needed):
            guesses.append(", ".join(known[each] for each in [*needed, optional[0]]))
        return guesses or ([] if needed else [""])

    def _observe(self, name: str, text: str | None) -> Iterator[Observed]:
        names = self.names()
        receiver = self.receiver(names)
        try:
            arguments, keywords, given = _arguments(text or "", names)
            watched = {key: value for key, value in names.items() if key not in ("__builtins__", "x") and not inspect.ismodule(value)}
            before = {key: Walk(value).digest for key, value in watched.items()}
            whole = Walk(receiver) if not self.sample.module else None
            state = library_state()
            result = getattr(receiver, name) if text is None else getattr(receiver, name)(*arguments, **keywords)
            touched = {key for key, value in watched.items() if Walk(value).digest != before[key]}
            effects = set(self._changes(whole, receiver, touched, given))
            effects |= {
                ("draws " if each in RANDOM else "sets ") + each.partition(".")[0] for each in changed_state(state, library_state())
            }
            effects |= self._kept(receiver, whole, arguments)
            effects |= self._result(result, receiver, arguments)
        except (Exception, SystemExit) as problem:
            if isinstance(problem, TooLargeError):
                raise
            return
        if text is None:
            effects = {"attribute " + each for each in effects}
        yield Observed(
            name=name if text is None else name + _switches(text),
            text=text or "",
            effects=frozenset(effects),
            is_call=text is not None,
            watched=frozenset(watched),
            changed=touched | ({"x"} if {"changes receiver", "attribute changes receiver"} & effects else set()),
        )

    def _changes(self, whole: Walk | None, receiver: Any, touched: set[str], given: dict[str, str]) -> Iterator[str]:
        if whole is not None and Walk(receiver).digest != whole.digest:
            yield "changes receiver"
        for key in touched:
            yield f"changes {given[key]}" if key in given else "changes inside"

    def _kept(self, receiver: Any, whole: Walk | None, arguments: list[Any]) -> set[str]:
        if whole is None:
            return set()
        held, found = Walk(receiver), set()
        for index, argument in enumerate(arguments):
            parts = set(Walk(argument).parts) - self.shared_by_all - set(whole.parts)
            if id(argument) in held.parts and id(argument) in parts:
                found.add(f"keeps {index}")
            elif parts & set(held.parts):
                found.add(f"keeps inside {index}")
        return found

    def _result(self, result: Any, receiver: Any, arguments: list[Any]) -> set[str]:
        found = set() if result is receiver else {f"result {self._type(result, receiver, arguments)}"}
        sources = {} if self.sample.module else {"receiver": receiver}
        sources |= {str(index): argument for index, argument in enumerate(arguments)}
        for key, source in sources.items():
            link = self._link(result, source)
            if link:
                found.add(f"{link} {key}")
        return found

    def _type(self, result: Any, receiver: Any, arguments: list[Any]) -> str:
        if self.sample.module and arguments and type(result) is type(arguments[0]) and type(result).__module__.startswith("pandas"):
            return "as 0"
        inside = receiver.values() if isinstance(receiver, dict) else receiver if self.sample.elements else ()
        if self.sample.elements and type(result) is not type(receiver) and type(result) in {type(each) for each in [*inside, *arguments]}:
            return "object"
        return public_name(type(result))

    def _link(self, result: Any, source: Any) -> str:
        """Name how a result and an object hang together: one and the same, one inside the other, or with common parts."""
        mine, theirs = Walk(result), Walk(source)
        if result is source:
            return "gives" if id(source) in theirs.parts else ""
        if id(source) in mine.parts and id(source) in theirs.parts and id(source) not in self.shared_by_all:
            return "wraps"
        if id(result) in theirs.parts and id(result) in mine.parts and id(result) not in self.shared_by_all:
            return "gives part of"
        common = (set(mine.parts) & set(theirs.parts)) - self.shared_by_all
        if common or _share_memory(mine, theirs) or _changes_through(result, source):
            return "gives view of"
        return ""


def _arguments(text: str, names: dict[str, Any]) -> tuple[list[Any], dict[str, Any], dict[str, str]]:
    """Evaluate the arguments of a call; say of each that is a plain name at which place it stands."""
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    value = lambda node: eval(compile(ast.Expression(node), "argument", "eval"), names)
    given = {each.id: str(index) for index, each in enumerate(call.args) if isinstance(each, ast.Name)}
    given |= {each.value.id: f"{each.arg}=" for each in call.keywords if isinstance(each.value, ast.Name)}
    return [value(each) for each in call.args], {str(each.arg): value(each.value) for each in call.keywords}, given


def _switches(text: str) -> str:
    """Return what is added to a name for a call that a boolean keyword makes into another, ``(inplace=True)``, or that gives nothing, ``()``."""
    if not text:
        return "()"
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    switches = [f"{each.arg}={each.value.value}" for each in call.keywords if each.arg in SWITCHES and isinstance(each.value, ast.Constant)]
    return f"({','.join(switches)})" if switches else ""


def _share_memory(left: Walk, right: Walk) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return False
    writeable = [each for each in left.arrays if each.flags.writeable and each.dtype != object]
    pandas_inside = any(type(each).__module__.startswith("pandas") for each in left.kept)
    return not pandas_inside and any(numpy.shares_memory(mine, theirs) for mine in writeable for theirs in right.arrays)


def _changes_through(result: Any, source: Any) -> bool:
    """Change a frame or series in place and look whether the source has changed with it."""
    if not type(result).__module__.startswith("pandas") or not hasattr(result, "iloc") or not getattr(result, "size", 0):
        return False
    before = Walk(source).digest
    for row in range(len(result)):
        with contextlib.suppress(Exception):
            if result.ndim == 1:
                result.iloc[row] = result.iloc[row - 1]
            else:
                for column in range(result.shape[1]):
                    result.iloc[row, column] = result.iloc[row - 1, column]
    return Walk(source).digest != before


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
