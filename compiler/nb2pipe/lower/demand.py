"""What each step needs from where: values from other steps, statements to repeat, parameters.

A *version* of a name is the statement that last bound or changed it. A read in step S of a version made in step T is a demand S ← T.
Statements that only import or define are repeated in S instead, with what they need in turn.
When T changes a value that it did not make itself, T demands it from the step before, and so on.
Names that may share an object which is still changed in place must come from one step together, or the change would show in one of them only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.functions import STATE_OF_OTHERS
from nb2pipe.ir.dataflow import Certainty, StatementId, StatementKind, is_state
from nb2pipe.lower.needs import Needs, Overtaken, Stuck, Undefined
from nb2pipe.lower.reach import Reach
from nb2pipe.lower.states import can_cross

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from nb2pipe.ir.dataflow import DataflowGraph, Location, Statement, Use

CODE_TYPES = frozenset(("function", "class", "module"))
PROCESS_MODULES = frozenset(("os", "sys"))
"""Their state matters to a step whether or not it imports them."""


class Demands:
    """Solves the demands of all steps.

    Parameters
    ----------
    graph : DataflowGraph
        The facts.
    owners : sequence of str or None
        For each statement its step; None when it is shared by all (setup cells, parameters).
    parameters : mapping of str to StatementId
        Pipeline parameters and the statement that binds each.
    begins : mapping of str to int
        All steps, in order, and the statement at or after which each begins.
    fenced : container of str
        Steps that run many times, perhaps never, or after all: state of the process neither enters nor leaves them.
    """

    def __init__(
        self,
        graph: DataflowGraph,
        owners: Sequence[str | None],
        parameters: Mapping[str, StatementId],
        begins: Mapping[str, int],
        fenced: Container[str] = (),
    ) -> None:
        self.graph = graph
        self.owners = owners
        self.parameters = parameters
        self.fenced = fenced
        self.lost: list[tuple[str, Use]] = []  # (step, read of a state that cannot be brought there)
        self.undefined: list[Undefined] = []
        self.overtaken: list[Overtaken] = []
        self.stuck: list[Stuck] = []
        by_step: dict[str, list[StatementId]] = {}
        for statement, owner in zip(graph.statements, owners, strict=True):
            if owner is not None:
                by_step.setdefault(owner, []).append(statement.id)
        self.needs = {step: Needs(step, first, tuple(by_step.get(step, ()))) for step, first in begins.items()}
        self.objects = Reach(graph)
        self._place = {step: index for index, step in enumerate(begins)}
        self._future_imports = [each for each in graph.statements if each.imports == ("__future__",)]
        self._setting_statements = [each for each in graph.statements if each.settings and each.kind != StatementKind.ACTION]

    def solve(self) -> None:
        """Fill `needs` for every step."""
        for needs in self.needs.values():
            for statement in needs.statements:
                self._statement(needs, self.graph.statements[statement], repeated=False)
        changed = True
        while changed:
            changed = False
            for needs in list(self.needs.values()):
                self._classes(needs)
                changed = self._bring_together(needs) or changed

    def settle(self) -> None:
        """Add what depends on all demands being known: settings, and which repeated statements must wait for a value."""
        self._classes_of_companions()
        for needs in self.needs.values():
            self._settings(needs)
            for statement in self._future_imports:
                if statement.id < needs.first:
                    self._repeat(needs, statement)
            self._mark_derived(needs)

    def _statement(self, needs: Needs, statement: Statement, *, repeated: bool) -> None:
        for use in statement.uses:
            if not use.producers and not repeated:
                self.undefined.append(Undefined(use.name, needs.step, use))
            entering = [version for each in use.producers if (version := self._entering(use.name, each, needs.step)) is not None]
            for version in entering:  # any of several star imports may give the name
                if version == max(entering) or self.graph.statements[version].kind == StatementKind.IMPORT:
                    self.need(needs, use.name, version, use, at=statement.id)
                    if repeated and not is_state(use.name):
                        needs.fixed.append((statement.id, use.name, version))

    def _entering(self, name: str, version: StatementId, step: str) -> StatementId | None:
        """Return the version from outside a step that a version builds on; None when the step makes the value itself."""
        at: StatementId | None = version
        while at is not None and self.owners[at] == step:
            if any(each.name == name and each.certainty == Certainty.SURE for each in self.graph.statements[at].binds):
                return None
            at = self.version_before(name, at)
        return at

    def need(self, needs: Needs, name: str, version: StatementId, use: Use | None, *, at: int) -> None:
        """Make `name`, as statement `version` left it, available in a step."""
        statement = self.graph.statements[version]
        producer = self.owners[version]
        if is_state(name):
            self._need_state(needs, name, version, use, at=at)
        elif self.parameters.get(name) == version:
            needs.parameters[name] = None
        elif producer is None or statement.kind in (StatementKind.IMPORT, StatementKind.DEFINITION):
            self._repeat(needs, statement)
        elif self._is_code(name, version):
            changed = not any(each.name == name for each in statement.binds)
            if use is not None:
                self.stuck.append(Stuck(name, producer, needs.step, use, changed))
        elif producer != needs.step:
            self._demand(needs, name, version, producer, use, at=at)

    def _need_state(self, needs: Needs, name: str, version: StatementId, use: Use | None, *, at: int) -> None:
        """Bring a state of the process to a step: set the seed again when nothing has drawn since, else carry the state over."""
        statement, producer = self.graph.statements[version], self.owners[version]
        if producer is None or statement.kind == StatementKind.SETTING:
            self._repeat(needs, statement)
        elif producer != needs.step:
            last = self.last_in(name, producer)
            in_order = self._place[producer] < self._place[needs.step] and (last is None or last <= at)
            if in_order and can_cross(name) and producer not in self.fenced and needs.step not in self.fenced:
                self._demand(needs, name, version, producer, use, at=at)
            elif use is not None:
                self.lost.append((needs.step, use))

    def _repeat(self, needs: Needs, statement: Statement) -> None:
        if statement.id not in needs.repeated and self.owners[statement.id] != needs.step:
            needs.repeated.add(statement.id)
            self._statement(needs, statement, repeated=True)

    def _demand(self, needs: Needs, name: str, version: StatementId, producer: str, use: Use | None, *, at: int) -> None:
        known = needs.versions.get(name)
        if known is not None and known >= version:
            return
        needs.values[name], needs.versions[name] = producer, version
        if use is not None:
            needs.readers.setdefault(name, use)
        last = self.last_in(name, producer)
        if use is not None and last is not None and last > at and self.owners[at] == needs.step:
            self.overtaken.append(Overtaken(name, producer, needs.step, use))
        self._provide(producer, name)

    def _provide(self, producer: str, name: str) -> None:
        """Let a step have `name` at its end: bound by itself, or handed on from an earlier step."""
        needs = self.needs[producer]
        touching = [v.statement for v in self.graph.versions.get(name, ()) if self.owners[v.statement] == producer]
        if touching:
            before = self._entering(name, touching[-1], producer)
        else:
            before = self.version_before(name, StatementId(needs.last + 1), outside=producer)
        if before is not None and name not in needs.versions:
            self.need(needs, name, before, None, at=touching[0] if touching else needs.last)

    def version_before(self, name: str, statement: StatementId, outside: str | None = None) -> StatementId | None:
        """Return the version of a name that is current when a statement begins, if need be the last one of other steps."""
        found = [
            v.statement
            for v in self.graph.versions.get(name, ())
            if v.statement < statement and (outside is None or self.owners[v.statement] != outside)
        ]
        return found[-1] if found else None

    def last_in(self, name: str, step: str) -> StatementId | None:
        """Return the last statement of a step that binds or changes a name."""
        found = [v.statement for v in self.graph.versions.get(name, ()) if self.owners[v.statement] == step]
        return found[-1] if found else None

    def values_at(self, name: str, version: StatementId) -> tuple[Location, ...]:
        """Return the objects that a version of a name may be."""
        return next((v.values for v in self.graph.versions.get(name, ()) if v.statement == version), ())

    def _is_code(self, name: str, version: StatementId) -> bool:
        values = self.values_at(name, version)
        return bool(values) and all(self.graph.objects.types.get(each, "") in CODE_TYPES for each in values)

    def share(self, needs: Needs, first: str, second: str) -> bool:
        """Tell whether two values that a step receives may share an object that is still changed."""
        live = self.objects.changed_from(needs.first)
        if not live:
            return False
        one = self.objects.reach(self.values_at(first, needs.versions[first])) & live
        return bool(one) and bool(one & self.objects.reach(self.values_at(second, needs.versions[second])))

    def _bring_together(self, needs: Needs) -> bool:
        """Take values that share from one step; tell whether anything changed."""
        names = sorted(needs.values)
        for index, first in enumerate(names):
            for second in names[index + 1 :]:
                if needs.values[first] != needs.values[second] and self.share(needs, first, second):
                    early, late = sorted((first, second), key=lambda name: self._place[needs.values[name]])  # always later: so it ends
                    needs.values[early] = needs.values[late]
                    needs.versions[early] = max(needs.versions[early], self.last_in(early, needs.values[late]) or needs.versions[early])
                    self._provide(needs.values[late], early)
                    return True
        return False

    def takers(self) -> dict[str, dict[str, list[str]]]:
        """Return for each step who takes which names from it, sorted."""
        found: dict[str, dict[str, list[str]]] = {step: {} for step in self.needs}
        for step, needs in self.needs.items():
            for name in sorted(needs.values):
                found[needs.values[name]].setdefault(step, []).append(name)
        return found

    def together(self, takers: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
        """Group what other steps take from one step: names that must travel as one, each group and their order by name."""
        groups: dict[str, set[str]] = {}
        for step, names in takers.items():
            for index, first in enumerate(names):
                groups.setdefault(first, {first})
                for second in names[:index]:
                    if groups[first] is not groups[second] and self.share(self.needs[step], first, second):
                        groups[first] |= groups[second]
                        groups.update(dict.fromkeys(groups[first], groups[first]))
        return sorted({tuple(sorted(group)) for group in groups.values()})

    def _classes(self, needs: Needs) -> None:
        """Repeat the classes and functions whose instances, or which themselves, arrive inside values."""
        for name in list(needs.values):
            self._define(needs, self.values_at(name, needs.versions[name]))

    def _define(self, needs: Needs, values: Iterable[Location]) -> None:
        for location in sorted(self.objects.reach(values)):
            defined = self.graph.objects.defined_by.get(location)
            if defined is not None:
                self._repeat(needs, self.graph.statements[defined])

    def _classes_of_companions(self) -> None:
        """Define too what comes in the same port as a value: it is unpacked as a whole."""
        version = {(source, name): needs.versions[name] for needs in self.needs.values() for name, source in needs.values.items()}
        groups = {producer: self.together(takers) for producer, takers in self.takers().items()}
        for needs in self.needs.values():
            for name, producer in list(needs.values.items()):
                for other in next(group for group in groups[producer] if name in group):
                    self._define(needs, self.values_at(other, version[producer, other]))

    def _settings(self, needs: Needs) -> None:
        """Repeat the settings of the libraries that a step uses, if they need no value from another step."""
        used = {module for each in [*needs.statements, *needs.repeated] for module in self.graph.statements[each].imports}
        used |= {type_.partition(".")[0] for type_ in self._types_received(needs)} | self._drawn_with(needs)
        used |= {other for module in used for other in STATE_OF_OTHERS.get(module, ())} | PROCESS_MODULES
        for statement in self._setting_statements:
            if statement.id >= needs.first or self.owners[statement.id] == needs.step or not used.issuperset(statement.settings):
                continue
            if all(self._comes_free(needs, use) for use in statement.uses):
                self._repeat(needs, statement)

    def _types_received(self, needs: Needs) -> set[str]:
        """Return the library types of the values that a step receives: to unpack them is to use the library."""
        types = self.graph.objects.types
        found = {types.get(each, "") for name, version in needs.versions.items() for each in self.values_at(name, version)}
        return {type_ for type_ in found if "." in type_ and not type_.startswith("notebook.")}

    def _drawn_with(self, needs: Needs) -> set[str]:
        """Return what draws for a step that draws by methods of its values, as frames do without naming matplotlib."""
        cells = {self.graph.statements[each].cell for each in needs.statements}
        texts = (cell.analysed for cell in self.graph.notebook.cells if cell.id in cells)
        return {"matplotlib"} if needs.values and any(re.search(r"\.(?:plot|hist|boxplot|plot_\w+)\b", text) for text in texts) else set()

    def _comes_free(self, needs: Needs, use: Use) -> bool:
        """Tell whether a read needs no value that the step does not get anyway."""
        version = max(use.producers, default=None)
        if version is None:
            return False
        kind = self.graph.statements[version].kind
        free = self.owners[version] is None or kind in (StatementKind.IMPORT, StatementKind.DEFINITION)
        return free or needs.versions.get(use.name) == version

    def _mark_derived(self, needs: Needs) -> None:
        late: set[str] = set(needs.values)
        for identity in sorted(needs.repeated):
            statement = self.graph.statements[identity]
            if any(use.name in late for use in statement.uses):
                needs.derived.add(identity)
                late.update(binding.name for binding in statement.binds)
