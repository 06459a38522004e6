"""DataflowGraph → Pipeline, with everything that the tags ask for and findings about what cannot be."""

from __future__ import annotations

from os.path import basename, splitext
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import analyse, tree_of
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.diagnostics.model import Result
from nb2pipe.frontend.metadata import NotebookSettings, notebook_settings
from nb2pipe.frontend.settings import step_settings
from nb2pipe.ir.notebook import CellKind
from nb2pipe.ir.order import predecessors, topological
from nb2pipe.ir.pipeline import Pipeline, Step
from nb2pipe.lower import findings, gates
from nb2pipe.lower.body import chunks_of
from nb2pipe.lower.control import Controls
from nb2pipe.lower.demand import Demands
from nb2pipe.lower.lifecycle import of_verbs, verb_calls, with_lifecycle
from nb2pipe.lower.owners import Owners
from nb2pipe.lower.placement import METRICS, SKIP, place_cells
from nb2pipe.lower.ports import Ports
from nb2pipe.lower.reports import demand_reports, reports_of, shows_something
from nb2pipe.lower.states import state_chunks
from nb2pipe.record import record, replace
from nb2pipe.review import review

if TYPE_CHECKING:
    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.notebook import Notebook
    from nb2pipe.lower.placement import Placement


@record(kw_only=True)
class Lowered:
    """A notebook as a pipeline, and what it was made of.

    `pipeline` is None when there is nothing to run or steps wait for each other. With other errors among the findings there is one, but
    it is not to be emitted: a person may silence an error that is a false alarm.
    """

    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]
    graph: DataflowGraph
    placement: Placement


def lower(notebook: Notebook) -> Result[Pipeline]:
    """Turn a notebook into a pipeline, with findings about what cannot be."""
    lowered = lower_notebook(notebook)
    return Result(lowered.pipeline, lowered.diagnostics)


def lower_notebook(notebook: Notebook) -> Lowered:
    """Turn a notebook into a pipeline, and keep the facts and places it comes from."""
    placement, found = place_cells(notebook)
    general = notebook_settings(notebook).value or NotebookSettings()
    run = [identity for identity, place in placement.places.items() if place.kind not in (SKIP, METRICS)]
    graph = analyse(notebook, cells=frozenset(run))
    owners = Owners(graph, placement)
    found += owners.diagnostics
    settings = {step: step_settings(cells, notebook) for step, cells in placement.steps.items()}
    found += _only_new(found, [finding for each in settings.values() for finding in each.diagnostics])
    calls = verb_calls([cell for cell in notebook.cells if cell.id in set(run)])
    resolved = {step: with_lifecycle(each.value, calls, placement.steps[step]) for step, each in settings.items() if each.value is not None}

    fenced = {step for step, each in resolved.items() if each.control.foreach or each.control.when or each.control.on_exit}
    demands = Demands(graph, owners.of, owners.parameter_statements, owners.begins, fenced)
    controls = Controls(demands, resolved, placement)
    found += demand_reports(demands, resolved, placement)
    demands.solve()
    controls.inherit_conditions()
    demands.settle()
    found += controls.diagnostics
    found += findings.of_dataflow(graph, demands, placement)
    encodings = {(step, name): encoding for step, each in resolved.items() for name, encoding in each.encodings}
    ports = Ports(demands, controls.types, encodings, controls.collect)
    found += findings.of_ports(demands, ports, general.pickle)
    steps = [_step(step, graph, demands, controls, ports, placement, resolved[step]) for step in demands.needs]
    pipeline = Pipeline(
        name=str(notebook.settings.get("name") or splitext(basename(notebook.path))[0]),  # noqa: PTH119, PTH122 - pathlib costs start-up
        notebook=basename(notebook.path),  # noqa: PTH119
        description=str(notebook.settings.get("description", "")),
        steps=tuple(replace(step, reports=reports_of(step, resolved[step.name], placement, demands)) for step in steps),
        edges=tuple(sorted(ports.edges, key=lambda edge: (edge.consumer.step, edge.consumer.port))),
        parameters=tuple(owners.parameters.values()),
        pickle=general.pickle,
        runtime=general.runtime,
    )
    ordered, cycle = topological([step.name for step in steps], predecessors(pipeline))
    if cycle:
        found.append(findings.cycle(cycle, placement))
    else:
        place = {name: index for index, name in enumerate(ordered)}
        pipeline = replace(pipeline, steps=tuple(sorted(pipeline.steps, key=lambda step: place[step.name])))
    found += findings.of_pipeline(pipeline, placement)
    found += of_verbs(calls, placement)
    found += review(graph, pipeline)
    # Else something has been said of what should be a step, or NB008 that there is no code.
    if not steps and not found and any(cell.kind is CellKind.CODE and cell.source.strip() for cell in notebook.cells):
        found.append(make("NB117").at(None))
    usable = pipeline if steps and not cycle else None
    return Lowered(pipeline=usable, diagnostics=tuple(found), graph=graph, placement=placement)


def _only_new(known: list[Diagnostic], more: list[Diagnostic]) -> list[Diagnostic]:
    """Settings are read per cell and per step: report each finding once."""
    return [finding for finding in more if finding not in known]


def _step(
    name: str, graph: DataflowGraph, demands: Demands, controls: Controls, ports: Ports, placement: Placement, settings: CellSettings
) -> Step:
    needs = demands.needs[name]
    cells = placement.steps[name]
    used = [*needs.repeated, *needs.statements]
    trees = [tree_of(cell) for cell in cells] if settings.role == "gate" else []
    return Step(
        name=name,
        cells=tuple(cell.id for cell in cells),
        body=(
            *chunks_of(graph, cells, needs.repeated, needs.derived),
            *state_chunks(cells, ports.inputs[name], ports.outputs[name]),
        ),
        inputs=tuple(ports.inputs[name]),
        outputs=tuple(ports.outputs[name]),
        parameters=tuple(sorted(needs.parameters)),
        displays=shows_something(cells, graph, used),
        gate=gates.read_gate(trees) if settings.role == "gate" else None,
        role=settings.role,
        control=controls.of(name),
        policy=settings.policy,
        resources=settings.resources,
        imports=tuple(sorted({module for each in used for module in graph.statements[each].imports})),
        image=settings.image,
    )
