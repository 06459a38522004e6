"""What lowering finds wrong: undefined names, split and circular steps, values that cannot or should not cross a border."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.artifact_types import NATIVE, PLAIN
from nb2pipe.analysis.knowledge.functions import UNPICKLABLE_TYPES
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.diagnostics.model import Label
from nb2pipe.ir.dataflow import Certainty, StatementId, StatementKind, is_state, path_of_state
from nb2pipe.lower.placement import SKIP, whole

OWN_FORMATS = ("keras.", "tensorflow.", "torch.", "plotly.", "matplotlib.")
"""Types that are stored without pickling what they hold."""

ALIKE = 0.75
"""How alike two names are when one may be the other misspelt: `fra` and `frame` just are (twice the letters in common over all letters)."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.ir.dataflow import DataflowGraph
    from nb2pipe.ir.pipeline import Pipeline
    from nb2pipe.lower.demand import Demands
    from nb2pipe.lower.needs import Needs, Undefined
    from nb2pipe.lower.placement import Placement
    from nb2pipe.lower.ports import Ports


def of_dataflow(graph: DataflowGraph, demands: Demands, placement: Placement) -> list[Diagnostic]:
    """Find reads that nothing can serve."""
    first = {(missing.name, missing.step): missing for missing in reversed(demands.undefined)}
    found = [_undefined(missing, graph, placement) for missing in reversed(first.values())]
    for taken in demands.overtaken:
        cycle = f"{taken.producer} → {taken.consumer} → {taken.producer}"
        label = Label(whole(placement.steps[taken.producer][-1]), f"step `{taken.producer}` changes `{taken.name}` again here")
        found.append(make("NB202", cycle=cycle).at(taken.use.span, label))
    for stuck in demands.stuck:
        made = f"it is a function that was made while step `{stuck.producer}` ran; only `def`, `class` and `name = lambda` can be repeated"
        kept = f"it keeps state that step `{stuck.producer}` changes, and a function is defined anew in each step"
        found.append(make("NB401", name=stuck.name, reason=kept if stuck.changed else made).at(stuck.use.span))
    found += _lost_states(graph, demands)
    found += _mixed(graph, demands)
    for needs in demands.needs.values():
        for statement in needs.statements:
            for use in graph.statements[statement].uses:
                if use.certainty != Certainty.MAYBE or not use.producers or is_state(use.name):
                    continue
                last = graph.statements[max(use.producers)]
                if use.name in last.deletes:
                    label = Label(last.span, "deleted here")
                    found.append(make("NB206", name=use.name, step=needs.step).at(use.span, label))
                else:
                    found.append(make("NB204", name=use.name, step=needs.step).at(use.span))
    return found


def _mixed(graph: DataflowGraph, demands: Demands) -> list[Diagnostic]:
    """Find definitions that were made with another value than the one that arrives in the step that repeats them."""
    found = []
    for needs in demands.needs.values():
        for definition, name, version in needs.fixed:
            arriving = demands.last_in(name, needs.values[name]) if name in needs.values else version
            if arriving != version:
                made = graph.statements[definition]
                what = made.binds[0].name if made.binds else name
                reason = f"it was defined with an earlier `{name}` than the one that step `{needs.step}` gets"
                label = Label(graph.statements[arriving].span, f"`{name}` is changed here") if arriving is not None else None
                found.append(make("NB401", name=what, reason=reason).at(made.span, *([label] if label else [])))
    return found


def _lost_states(graph: DataflowGraph, demands: Demands) -> list[Diagnostic]:
    """Find reads of random generators and files whose state cannot be brought to the step."""
    found = []
    for step, use in demands.lost:
        last = max(use.producers)
        if use.name.startswith("random:"):
            label = Label(graph.statements[last].span, "drawn before here")
            finding = make("NB307", step=step, other=demands.owners[last] or "", module=path_of_state(use.name))
            found.append(finding.at(use.span, label))
        elif use.name.startswith("file:"):
            found.append(make("NB301", path=path_of_state(use.name)).at(use.span))
    return found


def _undefined(missing: Undefined, graph: DataflowGraph, placement: Placement) -> Diagnostic:
    labels = [Label(each.span, "defined only here, below") for each in graph.statements if any(b.name == missing.name for b in each.binds)][
        :1
    ]
    if not labels:
        skipped = [cell for cell in graph.notebook.cells if cell.id in placement.places and placement.places[cell.id].kind == SKIP]
        labels = [
            Label(whole(cell), "defined only in this cell, which is skipped") for cell in skipped if _binds(cell.analysed, missing.name)
        ][:1]
    if not labels:
        from nb2pipe.review.history import count_when_defined

        count = count_when_defined(graph.notebook, missing.use)
        if count is not None:
            return make("NB213", name=missing.name, count=count).at(missing.use.span)
    nearest = "" if labels else _nearest(missing, graph)
    return make("NB201", name=missing.name, step=missing.step, nearest=nearest).at(missing.use.span, *labels)


def _nearest(missing: Undefined, graph: DataflowGraph) -> str:
    """Return the name that may have been meant: one that is defined where it is read, or a builtin; empty when none looks like it."""
    import builtins
    import difflib

    known = set(dir(builtins))
    for statement in graph.statements:
        if missing.use in statement.uses:
            break
        known.update(binding.name for binding in statement.binds if not is_state(binding.name))
    return next(iter(difflib.get_close_matches(missing.name, sorted(known), n=1, cutoff=ALIKE)), "")


def _binds(source: str, name: str) -> bool:
    import ast

    return any(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)) or getattr(node, "name", None) == name
        for node in ast.walk(ast.parse(source))
    )


def of_ports(demands: Demands, ports: Ports, pickle: str) -> list[Diagnostic]:
    """Find values that no serializer carries, and announce those that only a sealed pickle carries."""
    found: list[Diagnostic] = []
    told: set[str] = set()
    for consumer, needs in demands.needs.items():
        for name in sorted(needs.values.keys() - told):
            if is_state(name):
                continue
            types = ports.types(name, needs.versions[name])
            place = needs.readers[name].span if name in needs.readers else None
            if place is None:
                continue
            told.add(name)
            bad = next(
                (UNPICKLABLE_TYPES[type_] for type_ in _types_inside(demands, name, needs.versions[name]) if type_ in UNPICKLABLE_TYPES),
                None,
            )
            if bad is not None:
                found.append(make("NB401", name=name, reason=bad).at(place))
                continue
            made = _made_inside(demands, name, needs.versions[name], types) or _class_missing(demands, needs, name)
            if made is not None:
                found.append(make("NB401", name=name, reason=made).at(place))
                continue
            reason = _pickled(types, name, consumer, ports)
            ours = all(type_.startswith("jupyter_mlops.") for type_ in types)  # a report of a verb: whoever reads it has its class
            if reason is not None and (pickle == "forbid" or not ours):
                code = "NB401" if pickle == "forbid" else "NB402"
                found.append(make(code, name=name, reason=reason).at(place))
    return found


def _types_inside(demands: Demands, name: str, version: StatementId) -> list[str]:
    """List the types of a value and of what it holds, unless its class says itself how it is pickled."""
    values = demands.values_at(name, version)
    objects = demands.graph.objects
    own = any(each in objects.custom_pickling for each in values)
    return sorted({objects.types.get(each, "") for each in (values if own else demands.objects.reach(values))})


def _made_inside(demands: Demands, name: str, version: StatementId, types: Sequence[str]) -> str | None:
    """Say that a value holds a function that no statement of its own defines: source cannot travel with it, and pickle refuses it."""
    custom = demands.graph.objects.custom_pickling
    if any(type_.startswith(OWN_FORMATS) for type_ in types) or any(each in custom for each in demands.values_at(name, version)):
        return None
    for location in sorted(demands.objects.reach(demands.values_at(name, version))):
        defined = demands.graph.objects.defined_by.get(location)
        if defined is not None and demands.graph.statements[defined].kind == StatementKind.ACTION:
            return "it holds a function that is not defined by a `def`, `class` or `name = lambda` of its own"
    return None


def _class_missing(demands: Demands, needs: Needs, name: str) -> str | None:
    """Say that an instance would arrive where its class is another one, or is not there yet."""
    for location in sorted(demands.objects.reach(demands.values_at(name, needs.versions[name]))):
        defined = demands.graph.objects.defined_by.get(location)
        binds = demands.graph.statements[defined].binds if defined is not None else ()
        if defined is None or not binds or demands.graph.objects.types.get(location) != "class":
            continue
        latest = demands.version_before(binds[0].name, StatementId(needs.last + 1))
        if latest is not None and location not in demands.values_at(binds[0].name, latest):
            return f"it is an instance of an earlier class `{binds[0].name}`, which is defined again after it was made"
        if defined in needs.derived:
            return f"the definition of its class `{binds[0].name}` needs a value of another step"
    return None


def _pickled(types: Sequence[str], name: str, consumer: str, ports: Ports) -> str | None:
    port = next(port for port in ports.inputs[consumer] if name in port.names)
    if len(port.names) > 1:
        return f"it may share objects with {', '.join(f'`{each}`' for each in port.names if each != name)}, which stays so only when they travel together"
    own = next((type_ for type_ in types if type_.startswith("notebook.")), None)
    if own is not None:
        return f"it is an instance of the notebook's class `{own.partition('.')[2]}`"
    odd = next(
        (
            type_
            for type_ in types
            if type_ and type_ not in PLAIN and not type_.startswith(NATIVE) and type_ not in ("function", "class", "module")
        ),
        None,
    )
    return f"no serializer is made for `{odd}`" if odd else None


def cycle(names: Sequence[str], placement: Placement) -> Diagnostic:
    """Report steps that wait for each other."""
    return make("NB202", cycle=" → ".join([*names, names[0]])).at(whole(placement.steps[names[0]][0]))


def of_pipeline(pipeline: Pipeline, placement: Placement) -> list[Diagnostic]:
    """Find what the finished pipeline cannot do."""
    found: list[Diagnostic] = []
    order = {identity: index for index, identity in enumerate(placement.places)}
    steps = [place.step for place in placement.places.values()]
    for step in pipeline.steps:
        cells = placement.steps[step.name]
        if step.control.on_exit:
            found += [make("NB212", name=port.names[0], step=step.name).at(whole(cells[0])) for port in step.inputs]
        if step.role == "deploy" and not any(other.role == "gate" for other in pipeline.steps):
            found.append(make("NB602", step=step.name).at(whole(cells[0])))
        for before, cell in pairwise(cells):
            if any(other and other != step.name for other in steps[order[before.id] + 1 : order[cell.id]]):
                found.append(make("NB104", step=step.name).at(whole(cell)))
    return found
