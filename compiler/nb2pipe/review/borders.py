"""What crosses the borders of steps, and what does not → names that mean two things, values without a type, results that are lost."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.artifact_types import artifact_type_of
from nb2pipe.ir.pipeline import ArtifactType
from nb2pipe.review.learning import LEARNERS, UNSUPERVISED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph, Statement
    from nb2pipe.ir.pipeline import Pipeline, Step
    from nb2pipe.source import CellId

NUMBERS = frozenset(("int", "float"))
SAVES = r"\b(?:dump|save|save_model|save_weights|log_model|to_disk|export|push_to_hub|put|upload\w*)\("
JUDGES = ("gate", "validate")
"""Steps whose values are for themselves."""

PREPARING = (".preprocessing.", ".impute.", ".decomposition.", ".feature_extraction.", ".feature_selection.", ".model_selection._split")
MODELS_GO_TO = ("deploy", "monitor")


def find_at_borders(graph: DataflowGraph, pipeline: Pipeline) -> Iterator[Diagnostic]:
    """Report all of it, for a notebook whose steps are tagged."""
    owner = {cell: step.name for step in pipeline.steps for cell in step.cells}
    mine: dict[str, list[Statement]] = {step.name: [] for step in pipeline.steps}
    for each in graph.statements:
        if each.cell in owner:
            mine[owner[each.cell]].append(each)
    yield from _two_versions(pipeline, mine)
    yield from _untyped(pipeline, mine)
    sources = {cell.id: cell.analysed.split("\n") for cell in graph.notebook.cells}
    used = {(use.name, producer) for each in graph.statements for use in each.uses for producer in use.producers}
    for step in pipeline.steps:
        yield from _lost_numbers(graph, step, mine[step.name], sources, used)
        yield from _lost_model(graph, step, mine[step.name], sources)


def _two_versions(pipeline: Pipeline, mine: dict[str, list[Statement]]) -> Iterator[Diagnostic]:
    """Report a step that changes what it got and hands it on, while another step gets it unchanged."""
    taken = [
        (edge.producer.step, edge.consumer.step, name)
        for edge in pipeline.edges
        for name in _names(pipeline, edge.consumer.step, edge.consumer.port)
    ]
    for producer, changer, name in taken:
        statement = next((each for each in mine[changer] if name in each.mutates), None)
        if statement is None or not any(source == changer and other == name for source, _, other in taken):
            continue
        reader = next((step for source, step, other in taken if source == producer and other == name and step != changer), None)
        if reader is not None:
            from nb2pipe.rules.nb207 import MutationCrossesStep

            yield MutationCrossesStep(name=name, step=changer, other=producer, reader=reader).at(statement.span)


def _names(pipeline: Pipeline, step: str, port: str) -> tuple[str, ...]:
    inputs = next(each.inputs for each in pipeline.steps if each.name == step)
    return next((each.names for each in inputs if each.name == port), ())


def _untyped(pipeline: Pipeline, mine: dict[str, list[Statement]]) -> Iterator[Diagnostic]:
    """Report values of unknown type where the type decides: pickle is forbidden, or a step that serves a model takes them."""
    roles = {step.name: step.role for step in pipeline.steps}
    serving = {(edge.producer.step, edge.producer.port) for edge in pipeline.edges if roles[edge.consumer.step] in MODELS_GO_TO}
    for step in pipeline.steps:
        for port in step.outputs:
            known = port.type or port.parameter or port.encoding or port.artifact != ArtifactType.ARTIFACT
            if known or len(port.names) > 1 or not port.names[0].isidentifier():
                continue
            if pipeline.pickle == "forbid":
                reason = "pickle is forbidden"
            elif (step.name, port.name) in serving:
                reason = "a step that serves takes it"
            else:
                continue
            place = next((each.span for statement in mine[step.name] for each in statement.binds if each.name == port.names[0]), None)
            if place is not None:
                from nb2pipe.rules.nb403 import UntypedOutput

                yield UntypedOutput(name=port.names[0], reason=reason).at(place)


def _lost_numbers(
    graph: DataflowGraph, step: Step, statements: list[Statement], sources: Mapping[CellId, list[str]], used: AbstractSet[tuple[str, int]]
) -> Iterator[Diagnostic]:
    """Report numbers that a step computes and nobody reads, shows or reports; `used` are the bindings that somebody reads."""
    shown = {report.name for report in step.reports}
    for statement in statements:
        if len(statement.binds) != 1 or (statement.binds[0].name, statement.id) in used or statement.binds[0].name in shown:
            continue
        name = statement.binds[0].name
        values = next((each.values for each in graph.versions.get(name, ()) if each.statement == statement.id), ())
        types = {graph.objects.types.get(each, "") for each in values}
        if (
            types
            and types <= NUMBERS
            and not name.startswith("_")
            and _is_computed(_text(statement, sources))
            and not _bound_again(graph, statement, name)
        ):
            from nb2pipe.rules.nb404 import UnusedOutput

            advice = f"show it, or report it with `metrics:{name}`"
            yield UnusedOutput(name=name, step=step.name, advice=advice).at(statement.binds[0].span)


def _bound_again(graph: DataflowGraph, statement: Statement, name: str) -> bool:
    """Tell whether a later statement uses the name for something else."""
    return any(each.statement > statement.id for each in graph.versions.get(name, ()))


def _is_computed(text: str) -> bool:
    """Tell whether a statement is one assignment to one name, of something that is called."""
    try:
        node = ast.parse(text).body[0]
    except (SyntaxError, ValueError, IndexError):
        return False
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call)


def _lost_model(graph: DataflowGraph, step: Step, statements: list[Statement], sources: Mapping[CellId, list[str]]) -> Iterator[Diagnostic]:
    """Report the last model that a step fits when nothing reads it afterwards, no model leaves the step and nothing is written."""
    if step.role in JUDGES or any(port.artifact == ArtifactType.MODEL or not port.type for port in step.outputs):
        return
    last: Statement | None = None
    model = ""
    for statement in statements:
        if re.search(SAVES, _text(statement, sources)):
            return
        for name in statement.mutates:
            values = [each for version in graph.versions.get(name, ()) if version.statement == statement.id for each in version.values]
            fitted = [each for each in values if each in statement.changes]
            if fitted and all(_is_model(graph.objects.types.get(each, "")) for each in fitted):
                last, model = statement, name
    if last is not None and not any(use.name == model for each in graph.statements[last.id + 1 :] for use in each.uses):
        from nb2pipe.rules.nb404 import UnusedOutput

        advice = f"save it, or read `{model}` in the step that does"
        yield UnusedOutput(name=model, step=step.name, advice=advice).at(last.span)


def _is_model(type_: str) -> bool:
    """Tell a model from what only prepares data."""
    prepares = type_.rpartition(".")[2] in LEARNERS | UNSUPERVISED or any(part in type_ for part in PREPARING)
    return artifact_type_of(type_) == ArtifactType.MODEL and not prepares


def _text(statement: Statement, sources: Mapping[CellId, list[str]]) -> str:
    lines = sources[statement.cell]
    return "\n".join(lines[statement.span.start.line - 1 : statement.span.end.line])
