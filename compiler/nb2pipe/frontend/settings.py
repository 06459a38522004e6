"""The tags and metadata of cells → what they ask for, as one frozen value per cell or step.

A cell's own tags come first, then its metadata under ``nb2pipe``, which says the same in JSON (``{"cpu": 2}`` is ``cpu:2``),
then the notebook's ``defaults``.
"""

from __future__ import annotations

from re import fullmatch
from typing import TYPE_CHECKING, TypeVar

from nb2pipe.diagnostics.catalogue import make
from nb2pipe.diagnostics.model import FILE, Diagnostic, Result
from nb2pipe.frontend.arguments import STEP_NAME, Unusable, read_argument, suggested_step_name
from nb2pipe.frontend.metadata import tags_of_defaults, tags_of_metadata
from nb2pipe.ir.notebook import CellKind, Tag
from nb2pipe.ir.pipeline import Accelerator, Control, Policy, Report, Resources, Secret, Toleration, Volume
from nb2pipe.record import record
from nb2pipe.source import Pos, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nb2pipe.ir.notebook import Cell, Notebook

T = TypeVar("T")

LIFECYCLE = ("validate", "gate", "deploy", "monitor")
PLACES = ("step", "parameters", "setup", "skip", "pipeline-metrics")
"""Where a cell's code goes: a cell has one of them, or none and follows the cell above."""

REPORTS = ("metrics", "classification", "html", "markdown")

Key = tuple[str, str]
Values = dict[Key, tuple[Tag, object]]
"""What was said, under what it is about: ``("cpu", "")`` there is once, ``("env", "MODE")`` once per variable."""


@record(kw_only=True)
class CellSettings:
    """What a cell, or all cells of a step together, ask for.

    At most one of `step`, `parameters`, `setup`, `skip` and `metrics` says where the code goes; with none it follows the cell above.
    `metrics` is Kale's ``pipeline-metrics``: its code does not run, and the names in it are metrics of the steps that bind them.
    `own` names the verbs that the cells say themselves; everything else comes from the notebook's defaults.
    """

    step: str | None = None
    parameters: bool = False
    setup: bool = False
    skip: bool = False
    metrics: tuple[str, ...] | None = None
    role: str | None = None
    resources: Resources = Resources()
    policy: Policy = Policy()
    control: Control = Control()
    image: str | None = None
    reports: tuple[Report, ...] = ()
    encodings: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()


def settings_of(cell: Cell, notebook: Notebook) -> Result[CellSettings]:
    """Resolve what one cell asks for, with the notebook's defaults filled in."""
    return step_settings((cell,), notebook)


def step_settings(cells: Sequence[Cell], notebook: Notebook) -> Result[CellSettings]:
    """Resolve what the cells of one step ask for together; two that contradict each other are NB102."""
    found: list[Diagnostic] = []
    values: Values = {}
    for cell in cells:
        place = Span(cell.id, Pos(1, 0), Pos(1, 0))
        said = _said_by(cell, notebook, place)
        found += said.diagnostics
        found += _collect(said.value or (), values, place)
    own = frozenset(tag.verb for tag, _ in values.values())
    if cells and own:
        found += _misplaced(values, Span(cells[0].id, Pos(1, 0), Pos(1, 0)))
    defaults: Values = {}
    _collect(tags_of_defaults(notebook.settings).value or (), defaults, Span(FILE, Pos(1, 0), Pos(1, 0)))
    return Result(_settings({**defaults, **values}, own, cells), tuple(found))


def _said_by(cell: Cell, notebook: Notebook, place: Span) -> Result[tuple[Tag, ...]]:
    """Gather the tags of a cell and those that its metadata stands for, by Kale's rules when the notebook is Kale's."""
    metadata = tags_of_metadata(cell.settings, place)
    tags = (*cell.tags, *(metadata.value or ()))
    if "kale" in notebook.settings and cell.kind is CellKind.CODE:
        from nb2pipe.frontend.kale import tags_that_count

        counting = tags_that_count(cell, tags, notebook)
        return Result(counting.value, (*metadata.diagnostics, *counting.diagnostics))
    return Result(tags, metadata.diagnostics)


def _collect(tags: Iterable[Tag], values: Values, place: Span) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for tag in tags:
        try:
            key, value = _read(tag)
        except Unusable as unusable:
            if tag.verb == "step":
                found.append(make("NB103", name=tag.argument, suggestion=suggested_step_name(tag.argument)).at(place))
            else:
                found.append(make("NB112", tag=tag.text, expected=str(unusable)).at(place))
            continue
        other = values.setdefault(key, (tag, value))
        if other[1] != value:
            found.append(make("NB102", tag=tag.text, other=other[0].text).at(place))
    return found


def _read(tag: Tag) -> tuple[Key, object]:
    if tag.verb == "step":
        if not fullmatch(STEP_NAME, tag.argument) or not tag.argument.strip("_-"):
            raise Unusable(tag.argument)
        return ("place", ""), ("step", tag.argument)
    if tag.verb in PLACES:
        return ("place", ""), (tag.verb, "")
    if tag.verb in LIFECYCLE:
        return ("role", ""), tag.verb
    if tag.verb in ("on-exit", "raises-exception"):
        return (tag.verb, ""), True
    key, value = read_argument(tag.verb, tag.argument)
    return (tag.verb, key), value


def _misplaced(values: Values, place: Span) -> list[Diagnostic]:
    """Find tags that cannot mean anything beside the others."""
    found: list[Diagnostic] = []
    where = values.get(("place", ""))
    if where and where[0].verb != "step":
        reason = f"a `{where[0].text}` cell is no step"
        others = (tag for (about, _), (tag, _) in values.items() if about not in {"place", "ignore", "raises-exception"})
        found += [make("NB114", tag=tag.text, reason=reason).at(place) for tag in others]
    on_exit = values.get(("on-exit", ""))
    for verb in ("foreach", "when"):
        if on_exit and (verb, "") in values:
            found.append(make("NB102", tag=values[verb, ""][0].text, other=on_exit[0].text).at(place))
    return found


def _settings(values: Values, own: frozenset[str], cells: Sequence[Cell]) -> CellSettings:
    where = _one(values, "place", tuple) or ("", "")
    return CellSettings(
        step=where[1] if where[0] == "step" else None,
        parameters=where[0] == "parameters",
        setup=where[0] == "setup",
        skip=where[0] == "skip",
        metrics=names_shown(cells) if where[0] == "pipeline-metrics" else None,
        role=_one(values, "role", str),
        resources=Resources(
            cpu=_one(values, "cpu", str),
            memory=_one(values, "memory", str),
            disk=_one(values, "disk", str),
            accelerator=_one(values, "gpu", Accelerator),
        ),
        policy=_policy(values),
        control=Control(
            after=tuple(key for verb, key in values if verb == "after"),
            foreach=_one(values, "foreach", str),
            when=_one(values, "when", str),
            on_exit=("on-exit", "") in values,
        ),
        image=_one(values, "image", str),
        reports=tuple(report for verb in REPORTS for report in _all(values, verb, Report)),
        encodings=_pairs(values, "encoding"),
        ignored=tuple(key for verb, key in values if verb == "ignore"),
        own=own,
    )


def _policy(values: Values) -> Policy:
    cache = values.get(("cache", ""), (None, True))[1]
    return Policy(
        retries=_one(values, "retry", int) or 0,
        timeout_seconds=_one(values, "timeout", int),
        cache=cache if isinstance(cache, int) else True,
        node_selector=_pairs(values, "node"),
        tolerations=_all(values, "toleration", Toleration),
        secrets=_all(values, "secret", Secret),
        volumes=_all(values, "volume", Volume),
        labels=_pairs(values, "label"),
        annotations=_pairs(values, "annotation"),
        environment=_pairs(values, "env"),
    )


def _one(values: Values, about: str, kind: type[T]) -> T | None:
    value = values.get((about, ""), (None, None))[1]
    return value if isinstance(value, kind) else None


def _all(values: Values, verb: str, kind: type[T]) -> tuple[T, ...]:
    return tuple(value for (about, _), (_, value) in values.items() if about == verb and isinstance(value, kind))


def _pairs(values: Values, verb: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(value)) for (about, key), (_, value) in values.items() if about == verb)


def names_shown(cells: Sequence[Cell]) -> tuple[str, ...]:
    """List the names that cells print or mention on a line of their own, in order."""
    import ast

    names: dict[str, None] = {}
    for cell in cells:
        for statement in cell.tree.body if cell.tree else ():
            if isinstance(statement, ast.Expr):
                shown = statement.value.args if isinstance(statement.value, ast.Call) else [statement.value]
                found = (node for value in shown for node in ast.walk(value) if isinstance(node, ast.Name))
                names.update((node.id, None) for node in found)
    return tuple(names)
