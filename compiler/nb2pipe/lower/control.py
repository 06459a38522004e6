"""Conditions, fan-outs and order: the values they read, who inherits them, how fan-outs are gathered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nb2pipe.analysis.analyse import tree_of
from nb2pipe.analysis.spans import name_span
from nb2pipe.diagnostics.catalogue import make
from nb2pipe.ir.pipeline import Collect, Control, ParameterType
from nb2pipe.lower.fanout import FanOut
from nb2pipe.lower.placement import whole
from nb2pipe.record import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.frontend.settings import CellSettings
    from nb2pipe.ir.dataflow import StatementId
    from nb2pipe.lower.demand import Demands
    from nb2pipe.lower.placement import Placement

Source = tuple[str, str | None]
"""A control value: its name and the step it comes from, None for a pipeline parameter."""


class Controls:
    """The control flow that the tags ask for. Making it registers the demands for the values that it reads."""

    def __init__(self, demands: Demands, settings: Mapping[str, CellSettings], placement: Placement) -> None:
        self.demands = demands
        self.settings = settings
        self.placement = placement
        self.diagnostics: list[Diagnostic] = []
        self.when: dict[str, str] = {}
        self.foreach: dict[str, str] = {}
        self._fanouts: dict[str, FanOut] = {}
        for step in demands.needs:
            control = settings[step].control
            for name, table in ((control.foreach, self.foreach), (control.when, self.when)):
                if name is not None and self._reads(step, name):
                    table[step] = name
            if step in self.foreach:
                self._check_turns(step)
        self._check_after()

    def _reads(self, step: str, name: str) -> bool:
        """Demand a control value for a step; it must be a parameter or come from an earlier step."""
        from nb2pipe.ir.dataflow import StatementId

        needs = self.demands.needs[step]
        version = self.demands.version_before(name, StatementId(needs.first), outside=step)
        if version is not None and (self.demands.owners[version] is not None or self.demands.parameters.get(name) == version):
            self.demands.need(needs, name, version, None, at=needs.first)
            if name in needs.parameters or name in needs.values:
                return True
        self.diagnostics.append(make("NB110", name=name, step=step).at(whole(self.placement.steps[step][0])))
        return False

    def source(self, step: str, name: str) -> Source:
        """Return where a step gets a control value from."""
        return name, self.demands.needs[step].values.get(name)

    @property
    def types(self) -> dict[tuple[str, str], ParameterType]:
        """Return the values of steps that must travel as parameters: ``(step, name)`` → type."""
        found: dict[tuple[str, str], ParameterType] = {}
        for table, type_ in ((self.foreach, ParameterType.LIST), (self.when, ParameterType.BOOL)):
            for step, name in table.items():
                producer = self.source(step, name)[1]
                if producer is not None:
                    found[producer, name] = type_
        return found

    def _check_turns(self, step: str) -> None:
        cells = self.placement.steps[step]
        trees = [tree_of(cell) for cell in cells]
        fanout = self._fanouts[step] = FanOut(trees, self.foreach[step])
        for name, node in fanout.carried.items():
            home = next((index for index, tree in enumerate(trees) if any(each is node for each in ast.walk(tree))), 0)
            statement = next((each for each in trees[home].body if any(part is node for part in ast.walk(each))), trees[home].body[0])
            span = name_span(node, name, statement, cells[home].id, cells[home].analysed.split("\n"))
            self.diagnostics.append(make("NB211", name=name, step=step).at(span))

    def collect(self, producer: str, consumer: str, name: str) -> Collect | None:
        """Return how a consumer gathers a value of a fan-out; None when there is none.

        A later fan-out over the same list goes on item by item when both see only the item of the turn: the first fills ``name[item]``, the
        second reads ``name[item]``. In any other case the notebook's second loop sees what the first one left as a whole.
        """
        over = self.foreach.get(producer)
        if over is None:
            return None
        if self.foreach.get(consumer) == over and self.source(producer, over) == self.source(consumer, over):
            made, read = self._fanouts[producer], self._fanouts[consumer]
            if made.fills_by_item(name) and read.reads_by_item(name):
                return None
        return self._fanouts[producer].collect(name)

    def inherit_conditions(self) -> None:
        """Give a step the condition of the steps whose values it needs: it cannot run without them."""
        changed = True
        while changed:
            changed = False
            for step, needs in self.demands.needs.items():
                for name, producer in sorted(needs.values.items()):
                    flag = self.when.get(producer)
                    if flag is None or flag == self.when.get(step) or producer == step:
                        continue
                    if step in self.when or self._existed_before(name, producer):
                        place = needs.readers[name].span if name in needs.readers else whole(self.placement.steps[step][0])
                        finding = make("NB210", name=name, step=step, other=producer).at(place)
                        if finding not in self.diagnostics:
                            self.diagnostics.append(finding)
                    elif self._inherit(step, producer, flag):
                        changed = True

    def _existed_before(self, name: str, producer: str) -> bool:
        """Tell whether a value that a conditional step replaces has a version without the condition."""
        touching = [each.statement for each in self.demands.graph.versions.get(name, ()) if self.demands.owners[each.statement] == producer]
        return bool(touching) and self.demands.version_before(name, touching[0], outside=producer) is not None

    def _inherit(self, step: str, producer: str, flag: str) -> bool:
        needs, other = self.demands.needs[step], self.demands.needs[producer]
        self.when[step] = flag
        if flag in other.parameters:
            needs.parameters[flag] = None
        else:
            version: StatementId = other.versions[flag]
            self.demands.need(needs, flag, version, None, at=needs.first)
        return True

    def _check_after(self) -> None:
        for step in self.demands.needs:
            for other in self.settings[step].control.after:
                if other not in self.demands.needs and other not in {place.step for place in self.placement.places.values()}:
                    self.diagnostics.append(make("NB110", name=other, step=step).at(whole(self.placement.steps[step][0])))

    def of(self, step: str) -> Control:
        """Return the control of a step, inherited conditions included."""
        control = self.settings[step].control
        after = tuple(other for other in control.after if other in self.demands.needs and other != step)
        return replace(control, after=after, foreach=self.foreach.get(step), when=self.when.get(step))
