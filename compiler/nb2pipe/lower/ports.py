"""Demands → typed ports and edges. Names that may share an object which is still changed travel through one port."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nb2pipe.analysis.knowledge.artifact_types import artifact_type_of
from nb2pipe.ir.dataflow import is_state
from nb2pipe.ir.pipeline import ArtifactType, Collect, Edge, Endpoint, ParameterType, Port
from nb2pipe.lower.states import type_of_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nb2pipe.ir.dataflow import StatementId
    from nb2pipe.lower.demand import Demands

RESERVED_PORTS = frozenset(("display", "executor-logs", "run-status"))


def port_name(name: str) -> str:
    """Return a notebook name, or the name of a state, in the letters that every backend takes."""
    if is_state(name):
        return "_".join(re.findall("[A-Za-z0-9]+", name.replace(":", "_state_" if name.startswith("random") else "_")))
    return name if name.isascii() else "".join(each if each.isascii() else f"_{ord(each):x}" for each in name)


class Ports:
    """The ports and edges of all steps.

    Parameters
    ----------
    demands : Demands
        Solved.
    controls : mapping
        ``(step, name)`` of values that are passed as parameters, because a condition or a fan-out reads them, with their type.
    encodings : mapping
        ``(step, name)`` of values whose serializer the user chose.
    collect : callable
        ``(producer, consumer, name)`` → how a fan-out's values are gathered, or None.
    """

    def __init__(
        self,
        demands: Demands,
        controls: Mapping[tuple[str, str], ParameterType],
        encodings: Mapping[tuple[str, str], str],
        collect: Callable[[str, str, str], Collect | None],
    ) -> None:
        self.demands = demands
        self.controls = controls
        self.encodings = encodings
        self.collect = collect
        self.inputs: dict[str, list[Port]] = {step: [] for step in demands.needs}
        self.outputs: dict[str, list[Port]] = {step: [] for step in demands.needs}
        self.edges: list[Edge] = []
        for producer, takers in demands.takers().items():
            self._connect(producer, takers)
        for ports in self.inputs.values():
            ports.sort(key=lambda port: port.name)

    def _connect(self, producer: str, consumers: Mapping[str, list[str]]) -> None:
        for names in self.demands.together(consumers):
            name = "_and_".join(port_name(each) for each in names)
            while name in RESERVED_PORTS or (is_state(names[0]) and self._is_taken(producer, name)):
                name += "_value"
            port = self._port(producer, name, names, consumers)
            self.outputs[producer].append(port)
            for step, wanted in consumers.items():
                taken = tuple(each for each in names if each in wanted)
                if taken:
                    gathered = self.collect(producer, step, taken[0])
                    entry = name
                    while any(other.name == entry for other in self.inputs[step]):  # the same names, some from another step
                        entry += f"_from_{port_name(producer.replace('-', '_'))}"
                    self.inputs[step].append(
                        Port(
                            name=entry,
                            names=taken,
                            artifact=port.artifact,
                            parameter=port.parameter,
                            encoding=port.encoding,
                            collect=gathered,
                            type=port.type,
                        )
                    )
                    self.edges.append(Edge(producer=Endpoint(step=producer, port=name), consumer=Endpoint(step=step, port=entry)))

    def _is_taken(self, producer: str, name: str) -> bool:
        """Tell whether a port's name is that of a name of the notebook or of another port."""
        return name in self.demands.graph.versions or any(port.name == name for port in self.outputs[producer])

    def _port(self, producer: str, name: str, names: tuple[str, ...], consumers: Mapping[str, list[str]]) -> Port:
        parameter = next((self.controls[producer, each] for each in names if (producer, each) in self.controls), None)
        if parameter is not None or len(names) > 1:
            return Port(name=name, names=names, parameter=parameter if len(names) == 1 else None)
        if is_state(names[0]):
            return Port(name=name, names=names, type=type_of_state(names[0]))
        step = next(step for step, wanted in consumers.items() if names[0] in wanted)
        types = self.types(names[0], self.demands.needs[step].versions[names[0]])
        artifacts = {artifact_type_of(type_) for type_ in types}
        artifact = artifacts.pop() if len(artifacts) == 1 else ArtifactType.ARTIFACT
        known = types[0] if len(types) == 1 else ""
        return Port(name=name, names=names, artifact=artifact, encoding=self.encodings.get((producer, names[0])), type=known)

    def types(self, name: str, version: StatementId) -> list[str]:
        """Return the types that a version of a name may have, as dotted paths."""
        return sorted({self.demands.graph.objects.types.get(each, "") for each in self.demands.values_at(name, version)})
